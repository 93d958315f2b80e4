import { getContext, setContext } from 'svelte';
import { DraftAttachments } from './draft-attachments';
import { Workspace, type WorkspaceData } from './workspace.svelte';

const key = Symbol('workspace');
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
