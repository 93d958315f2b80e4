import { getContext, setContext } from 'svelte';
import type { Account } from '../domain/account';
import { DraftAttachments } from './draft-attachments';
import { Workspace, type WorkspaceData } from './workspace.svelte';

const key = Symbol('workspace');
const accountKey = Symbol('account');
const attachmentsKey = Symbol('images of drafts');

/** Makes what all parts of the page share, for the components below. */
export function provideWorkspace(data: WorkspaceData): Workspace {
  setContext(attachmentsKey, new DraftAttachments());
  return setContext(key, new Workspace(data));
}

/** The images of drafts, which stay when a conversation is left. */
export function useDraftAttachments(): DraftAttachments {
  return getContext<DraftAttachments>(attachmentsKey);
}

export function useWorkspace(): Workspace {
  return getContext<Workspace>(key);
}

/** Makes known who is here, for the components below. Whoever else comes gets another page. */
export function provideAccount(account: Account): Account {
  return setContext(accountKey, account);
}

export function useAccount(): Account {
  return getContext<Account>(accountKey);
}
