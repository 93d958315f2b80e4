import { describe, expect, it, vi } from 'vitest';
import { commandsFor, commandsOf, type CommandActions } from './commands';

const run = () => undefined;
const actions: CommandActions = {
  newChat: run,
  toggleSidebar: run,
  select: run,
  showShortcuts: run,
  setTheme: run,
};
const shown = { isPinned: false, isRunning: false, stop: run, pin: run, rename: run, delete: run };
const ids = (all: { id: string }[]) => all.map(({ id }) => id);

describe('commands', () => {
  it('are those that can be carried out now', () => {
    expect(ids(commandsOf(actions))).not.toContain('rename');
    expect(ids(commandsOf(actions))).not.toContain('connect');
    expect(ids(commandsOf({ ...actions, connect: run }))).toContain('connect');
    expect(ids(commandsOf({ ...actions, shown }))).toEqual(
      expect.arrayContaining(['pin', 'rename', 'delete']),
    );
    expect(ids(commandsOf({ ...actions, shown }))).not.toContain('stop');
    expect(ids(commandsOf({ ...actions, shown: { ...shown, isRunning: true } }))[0]).toBe('stop');
    const labels = commandsOf({ ...actions, shown: { ...shown, isPinned: true } }).map(({ label }) => label);
    expect(labels).toContain('Unpin this conversation');
  });

  it('choose the theme', () => {
    const setTheme = vi.fn();
    for (const { id, run: choose } of commandsOf({ ...actions, setTheme })) if (id === 'dark') choose();
    expect(setTheme.mock.calls).toEqual([['dark']]);
  });

  const all = commandsOf({ ...actions, shown });
  const cases: [typed: string, ids: string[]][] = [
    ['  ', ids(all)],
    ['dark', ['dark']],
    ['THEME li', ['light']],
    ['trash', ['delete']],
    ['this conv', ['pin', 'rename', 'delete']],
    ['capital', []],
    ['?!', []],
  ];
  it.each(cases)('are found: %s', (typed, expected) =>
    expect(ids(commandsFor(all, typed))).toEqual(expected),
  );
});
