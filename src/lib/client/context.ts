import { getContext, setContext } from 'svelte';
import { Workspace, type WorkspaceData } from './workspace.svelte';

const key = Symbol('workspace');

/** Makes what all parts of the page share, for the components below. */
export function provideWorkspace(data: WorkspaceData): Workspace {
  return setContext(key, new Workspace(data));
}

export function useWorkspace(): Workspace {
  return getContext<Workspace>(key);
}
