import { describe, expect, it } from 'vitest';
import type { ConversationSummary } from '../domain/conversation';
import { drawnAll, windowOf, windowStart } from './list-window';
import type { ListGroup } from './listed';

function group(label: string, size: number): ListGroup {
  const conversations = Array.from({ length: size }, (_, index) => ({ id: `${label}${String(index)}` }));
  return { label, conversations: conversations as ConversationSummary[] };
}

const groups = [group('a', 3), group('b', 500), group('c', 1), group('d', 10_000)];
const total = 4 + 3 + 500 + 1 + 10_000;

describe('windowOf', () => {
  it('draws a short list whole, wherever the view is', () => {
    const short = [group('a', 3), group('b', drawnAll - 5)];
    for (const start of [0, 1000]) {
      expect(windowOf(short, start, 20)).toMatchObject({ above: 0, below: 0 });
      expect(windowOf(short, start, 20).groups.map(({ conversations }) => conversations.length)).toEqual([
        3,
        drawnAll - 5,
      ]);
    }
    expect(windowOf([], 0, 20)).toEqual({ above: 0, groups: [], below: 0 });
  });

  it('draws a view and little more, and leaves the place of the rest', () => {
    for (let top = 0; top < total; top += 7) {
      const start = windowStart(top);
      const { above, groups: drawn, below } = windowOf(groups, start, 25);
      const lines = drawn.reduce((sum, each) => sum + Number(each.hasHeading) + each.conversations.length, 0);
      expect(above + lines + below).toBe(total);
      expect(lines).toBeLessThanOrEqual(115);
      expect(above).toBeLessThanOrEqual(top);
      expect(above + lines).toBeGreaterThanOrEqual(Math.min(total, top + 25));
    }
  });

  it('says which part of a group it is', () => {
    const { groups: drawn } = windowOf(groups, 450, 25);
    expect(drawn.map(({ label, hasHeading, from, size }) => ({ label, hasHeading, from, size }))).toEqual([
      { label: 'b', hasHeading: false, from: 445, size: 500 },
      { label: 'c', hasHeading: true, from: 0, size: 1 },
      { label: 'd', hasHeading: true, from: 0, size: 10_000 },
    ]);
    expect(drawn[0]?.conversations[0]?.id).toBe('b445');
  });

  it('stays as it is while the view moves by a few lines', () => {
    expect(new Set(Array.from({ length: 1000 }, (_, top) => windowStart(top))).size).toBeLessThanOrEqual(100);
  });
});
