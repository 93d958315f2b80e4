import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors';
import { TokenCounter } from './token-counter';

const words = (text: string) => text.split(' ').length;

describe('TokenCounter', () => {
  it('asks once for each text', async () => {
    const asked: string[] = [];
    const counter = new TokenCounter({
      countTokens: (text) => Promise.resolve((asked.push(text), words(text))),
    });
    expect([await counter.count('a b c'), await counter.count('a b c')]).toEqual([3, 3]);
    expect(asked).toEqual(['a b c']);
    expect(counter.isExact).toBe(true);
  });

  it('asks for at most eight at once', async () => {
    let [open, most] = [0, 0];
    const counter = new TokenCounter({
      countTokens: async (text) => {
        most = Math.max(most, (open += 1));
        await new Promise((resolve) => setTimeout(resolve, 2));
        open -= 1;
        return words(text);
      },
    });
    const texts = Array.from({ length: 50 }, (_, index) => `text ${String(index)}`);
    expect(await Promise.all(texts.map((text) => counter.count(text)))).toEqual(texts.map(() => 2));
    expect(most).toBe(8);
  });

  it.each([
    ['nobody counts', {}],
    ['the server does not say', { countTokens: () => Promise.resolve(undefined) }],
    [
      'the server cannot be reached',
      { countTokens: () => Promise.reject(new AppError('backend-unreachable', '')) },
    ],
  ])('estimates when %s, and learns', async (_, source) => {
    const counter = new TokenCounter(source);
    const text = 'word '.repeat(300);
    expect(await counter.count(text)).toBe(500);
    expect(counter.isExact).toBe(false);
    counter.learn([text], 600);
    expect(await counter.count(text)).toBe(660);
  });

  it('passes on a fault of the engine itself, and goes on counting after it', async () => {
    let isBroken = true;
    const counter = new TokenCounter({
      countTokens: (text) =>
        isBroken ? Promise.reject(new AppError('model-unavailable', 'Gone.')) : Promise.resolve(words(text)),
    });
    await expect(counter.count('a b')).rejects.toThrow('Gone.');
    isBroken = false;
    expect(await counter.count('a b')).toBe(2);
  });

  it('is exact again once the server counts again', async () => {
    const server: { answer?: number } = {};
    const counter = new TokenCounter({ countTokens: () => Promise.resolve(server.answer) });
    await counter.count('a');
    expect(counter.isExact).toBe(false);
    server.answer = 7;
    expect(await counter.count('a')).toBe(7);
    expect(counter.isExact).toBe(true);
  });
});
