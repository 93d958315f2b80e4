import { describe, expect, it } from 'vitest';
import { fakeTokens } from '../__fixtures__/fake-tgi-tokens';
import { idsIn, TgiTokenizer } from './tokenizer';

const live = new AbortController().signal;

function counting(ids: (text: string) => number[] | undefined) {
  const asked: string[] = [];
  const tokenizer = new TgiTokenizer((text) => {
    asked.push(text);
    return Promise.resolve(ids(text));
  });
  return { tokenizer, asked };
}
const ofServer = (text: string) => idsIn(JSON.stringify(fakeTokens(text)));

describe('the tokenizer of a server', () => {
  it('counts without what the server adds', async () => {
    const { tokenizer, asked } = counting(ofServer);
    expect(await tokenizer.count('one two three')).toBe(3);
    expect(await tokenizer.count('one')).toBe(1);
    expect(asked).toEqual(['one two three', 'a', 'one']);
  });

  it('does not say where the server does not, and asks again', async () => {
    let isThere = false;
    const { tokenizer } = counting((text) => (isThere ? ofServer(text) : undefined));
    expect(await tokenizer.count('one')).toBeUndefined();
    isThere = true;
    expect(await tokenizer.count('one')).toBe(1);
  });

  it('takes off the beginning that the server would double, and asks once', async () => {
    const { tokenizer, asked } = counting(ofServer);
    expect(await tokenizer.withoutDoubledStart('<s>[INST] a', live)).toBe('[INST] a');
    expect(await tokenizer.withoutDoubledStart('<s>b', live)).toBe('b');
    expect(asked).toEqual(['<s>a']);
  });

  it.each(['<|im_start|>user', 'plain text', '<s>', '<b>bold</b>', '[INST] a', '</s>a'])(
    'leaves %j as it is',
    async (prompt) => {
      const { tokenizer } = counting(ofServer);
      expect(await tokenizer.withoutDoubledStart(prompt, live)).toBe(prompt);
    },
  );

  it('leaves all as it is where nothing is known', async () => {
    const { tokenizer } = counting(() => undefined);
    expect(await tokenizer.withoutDoubledStart('<s>a', live)).toBe('<s>a');
  });

  it.each(['', '{}', '[1]', '{"error":"x"}'])('%j is no list of tokens', (body) => {
    expect(idsIn(body)).toBeUndefined();
  });
});
