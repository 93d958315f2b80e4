import { describe, expect, it } from 'vitest';
import { beginRun, deltaEntries, makeConversation, makeFinish, makeStart } from '../fixtures';
import { withStorage, type OpenStorage } from './with-storage';

const texts: Record<string, string> = {
  NUL: 'before\0after',
  'half a surrogate pair': 'before\ud83dafter\ude00',
  emoji: '👩‍👩‍👧 🏳️‍🌈 é',
  'what looks like our own format': '{"body":"\\u0000"}\'; DROP TABLE messages; -- $where',
  'a megabyte': '漢字 and more '.repeat(80_000),
  nothing: '',
};

/** Text comes back as it was, in every place where people or models write. */
export function describeTexts(open: OpenStorage): void {
  const use = withStorage(open);

  describe('texts', () => {
    it.each(Object.keys(texts))('%s survives everywhere', (name) =>
      use(async ({ conversations, generations, settings: defaults }) => {
        const text = texts[name] ?? '';
        const settings = { systemPrompt: text, parameters: { stop: [text] } };
        await defaults.update('ann', settings);
        expect(await defaults.get('ann')).toEqual(settings);
        const { id } = await conversations.create('ann', makeConversation({ settings }));
        const start = makeStart(id, { text, prefix: text, title: text });
        await generations.begin('ann', start);
        expect(await conversations.get('ann', id)).toMatchObject({ title: text, settings });
        expect((await conversations.open('ann', id)).messages).toEqual(start.messages);
        const generationId = start.generations[0]?.id ?? '';
        expect(await generations.get('ann', generationId)).toEqual(start.generations[0]);
        const entries = deltaEntries(1, text, text);
        expect(await generations.append([{ generationId, entries }])).toEqual(['stored']);
        expect(await generations.entries('ann', generationId, 0, 9)).toEqual(entries);
      }),
    );

    it.each(Object.keys(texts))('%s survives the end of a run', (name) =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann');
        const text = texts[name] ?? '';
        const error = { code: 'internal' as const, message: text, retryable: false, details: { text } };
        const finish = makeFinish(run, text, { status: 'failed', error });
        await storage.generations.finish([finish]);
        expect(await storage.generations.messages('ann', run.generationId)).toEqual(finish.messages);
        expect((await storage.generations.get('ann', run.generationId)).error).toEqual(error);
        const { conversationId } = run;
        await storage.conversations.update('ann', conversationId, { title: `a${text}` });
        expect((await storage.conversations.get('ann', conversationId)).title).toBe(`a${text}`);
      }),
    );
  });
}
