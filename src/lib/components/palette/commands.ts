import { parseSearch, searchTerms } from '../../domain/search-terms';
import type { Theme } from '../../client/preferences.svelte';
import type { ShortcutId } from '../../client/shortcuts';

export interface Command {
  id: string;
  label: string;
  /** What people may call it, besides its label. */
  words?: string;
  shortcut?: ShortcutId;
  run: () => unknown;
}

/** What can be done at the moment; `shown` is absent where no conversation is open. */
export interface CommandActions {
  newChat: () => unknown;
  toggleSidebar: () => unknown;
  select: () => unknown;
  showShortcuts: () => unknown;
  /** Absent where whoever is here may connect none. */
  connect?: () => unknown;
  setTheme: (theme: Theme) => unknown;
  shown?: {
    isPinned: boolean;
    isRunning: boolean;
    stop: () => unknown;
    pin: () => unknown;
    rename: () => unknown;
    delete: () => unknown;
  };
}

/** The commands of the palette, what is nearest first. */
export function commandsOf(actions: CommandActions): Command[] {
  const { shown } = actions;
  return [
    ...(shown?.isRunning
      ? [{ id: 'stop', label: 'Stop generating', words: 'cancel end', run: shown.stop }]
      : []),
    {
      id: 'new-chat',
      label: 'New chat',
      words: 'begin start conversation',
      shortcut: 'new-chat',
      run: actions.newChat,
    },
    ...(shown ? conversationCommands(shown) : []),
    {
      id: 'sidebar',
      label: 'Show or hide the sidebar',
      words: 'toggle collapse list',
      shortcut: 'sidebar',
      run: actions.toggleSidebar,
    },
    ...(actions.connect
      ? [{ id: 'connect', label: 'Connect a model', words: 'server key provider add', run: actions.connect }]
      : []),
    { id: 'select', label: 'Select conversations', words: 'several many choose', run: actions.select },
    {
      id: 'light',
      label: 'Light theme',
      words: 'colour color mode bright',
      run: () => actions.setTheme('light'),
    },
    {
      id: 'dark',
      label: 'Dark theme',
      words: 'colour color mode night',
      run: () => actions.setTheme('dark'),
    },
    {
      id: 'system',
      label: 'Theme of the system',
      words: 'colour color mode',
      run: () => actions.setTheme('system'),
    },
    {
      id: 'shortcuts',
      label: 'Keyboard shortcuts',
      words: 'keys help',
      shortcut: 'shortcuts',
      run: actions.showShortcuts,
    },
  ];
}

function conversationCommands({
  isPinned,
  pin,
  rename,
  delete: remove,
}: NonNullable<CommandActions['shown']>): Command[] {
  return [
    {
      id: 'pin',
      label: isPinned ? 'Unpin this conversation' : 'Pin this conversation',
      words: 'favourite favorite keep top',
      run: pin,
    },
    { id: 'rename', label: 'Rename this conversation', words: 'title name', run: rename },
    { id: 'delete', label: 'Delete this conversation', words: 'remove trash', run: remove },
  ];
}

/** Those for which each typed word begins one of theirs. */
export function commandsFor(commands: readonly Command[], typed: string): Command[] {
  const wanted = parseSearch(typed).flatMap(({ terms }) => terms);
  if (wanted.length === 0) return typed.trim() === '' ? [...commands] : [];
  return commands.filter(({ label, words = '' }) => {
    const own = searchTerms(`${label} ${words}`);
    return wanted.every((term) => own.some((word) => word.startsWith(term)));
  });
}
