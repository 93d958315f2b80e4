import { describe, expect, it } from 'vitest';
import type { ConversationSummary } from '../domain/conversation';
import { compareListed, groupListed, placeIn } from './listed';

const now = new Date(2026, 10, 24, 12);

function listed(id: string, changes: Partial<ConversationSummary> = {}): ConversationSummary {
  const common = {
    kind: 'chat',
    title: id,
    modelId: 'm',
    isPinned: false,
    isRunning: false,
    isUnread: false,
  } as const;
  return { id, ...common, updatedAt: now, ...changes };
}

const daysAgo = (days: number) => new Date(2026, 10, 24 - days, 23, 59);

describe('the order of the list', () => {
  const list = [
    listed('e', { isPinned: true, updatedAt: daysAgo(1) }),
    listed('a', { isPinned: true, updatedAt: daysAgo(9) }),
    listed('d', { updatedAt: daysAgo(2) }),
    listed('c', { updatedAt: daysAgo(2) }),
    listed('b', { updatedAt: daysAgo(3) }),
  ];

  it('is pinned, then time, then id', () => {
    expect(list.toReversed().sort(compareListed)).toEqual(list);
  });

  it('has one place for each, whether it is there or not', () => {
    for (const [index, conversation] of list.entries()) {
      expect(placeIn(list, conversation)).toBe(index);
      expect(placeIn(list.toSpliced(index, 1), conversation)).toBe(index);
    }
    expect(placeIn([], listed('x'))).toBe(0);
  });
});

describe('groupListed', () => {
  it('names days and months', () => {
    const days = [0, 1, 2, 7, 8, 30, 31, 400];
    const list = [listed('p', { isPinned: true, updatedAt: daysAgo(50) })];
    for (const day of days) list.push(listed(String(day), { updatedAt: daysAgo(day) }));
    const groups = groupListed(list, now, []);
    expect(groups.map(({ label, conversations }) => [label, conversations.map(({ id }) => id)])).toEqual([
      ['Pinned', ['p']],
      ['Today', ['0']],
      ['Yesterday', ['1']],
      ['Previous 7 days', ['2', '7']],
      ['Previous 30 days', ['8', '30']],
      ['October', ['31']],
      ['October 2025', ['400']],
    ]);
  });

  it('keeps the groups that have not changed', () => {
    const list = [listed('b'), listed('a', { updatedAt: daysAgo(1) })];
    const former = groupListed(list, now, []);
    const groups = groupListed([listed('c'), ...list], now, former);
    expect(groups[0]).not.toBe(former[0]);
    expect(groups[1]).toBe(former[1]);
  });
});
