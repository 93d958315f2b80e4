import { describe, expect, it } from 'vitest';
import { fitContext, keptShare, type SizedMessage } from './fit-context';

/** Turns of a question and an answer of so many tokens each, the last one without its answer. */
function talk(turns: number, question = 10, answer = 40): SizedMessage[] {
  const messages = Array.from({ length: turns }, (): SizedMessage[] => [
    { role: 'user', tokens: question },
    { role: 'assistant', tokens: answer },
  ]).flat();
  return messages.slice(0, -1);
}

const used = (messages: SizedMessage[], from: number) =>
  messages.slice(from).reduce((total, { tokens }) => total + tokens, 0);

describe('fitContext', () => {
  const cases: [name: string, messages: SizedMessage[], room: number, leftOut: number][] = [
    ['an empty conversation', [], 100, 0],
    ['one message', talk(1), 100, 0],
    ['what fits exactly', talk(2), 60, 0],
    ['one token too many: the oldest turn leaves', talk(2), 59, 2],
    ['one long message alone stays', [{ role: 'user', tokens: 500 }], 100, 0],
    [
      'a long last message: all others leave',
      [...talk(3), { role: 'assistant', tokens: 5 }, { role: 'user', tokens: 95 }],
      100,
      6,
    ],
  ];
  for (const [name, messages, room, expected] of cases) {
    it(name, () => expect(fitContext(messages, room)).toBe(expected));
  }

  it('leaves whole turns only, and uses at most 70 % after a cut', () => {
    for (let turns = 1; turns < 60; turns += 1) {
      const messages = talk(turns);
      const before = turns > 1 ? fitContext(talk(turns - 1), 400) : 0;
      const from = fitContext(messages, 400);
      expect(messages[from]?.role).toBe('user');
      expect(used(messages, from)).toBeLessThanOrEqual(400);
      if (from !== before) expect(used(messages, from)).toBeLessThanOrEqual(400 * keptShare);
    }
  });

  it('keeps its beginning for the turns after a cut, so that what was read stays read', () => {
    const starts = Array.from({ length: 60 }, (_, index) => fitContext(talk(index + 1), 400));
    const changes = starts.filter((start, index) => index > 0 && start !== starts[index - 1]).length;
    // 120 tokens leave at a cut and 50 come with a turn: a cut every two or three turns, not at every one.
    expect(changes).toBeLessThanOrEqual(60 / 2);
    expect(changes).toBeGreaterThan(5);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
  });

  it('takes time that grows with the conversation, not with its square', () => {
    // The best of several: what else the machine does only ever adds.
    const time = (turns: number) => {
      const messages = talk(turns);
      const times = Array.from({ length: 15 }, () => {
        const started = performance.now();
        for (let round = 0; round < 5; round += 1) fitContext(messages, 1000);
        return performance.now() - started;
      });
      return Math.min(...times);
    };
    time(2000);
    expect(time(8000) / Math.max(time(2000), 0.5)).toBeLessThan(12);
  });
});
