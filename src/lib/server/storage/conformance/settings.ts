import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { beginRun, makeConversation, makeFinish } from '../fixtures';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeSettings(open: OpenStorage): void {
  describePromptRecords(open);
  describeConversationSettings(open);
  const use = withStorage(open);

  describe('settings of an owner', () => {
    it('are empty at first, and then what was changed, key by key', () =>
      use(async ({ settings }) => {
        expect(await settings.get('ann')).toEqual({});
        const first = { systemPrompt: 'Be short.', parameters: { temperature: 0.5, stop: ['\n', '\0'] } };
        expect(await settings.update('ann', first)).toEqual(first);
        expect(await settings.update('ann', { parameters: { seed: 7 } })).toEqual({
          systemPrompt: 'Be short.',
          parameters: { temperature: 0.5, stop: ['\n', '\0'], seed: 7 },
        });
        const cleared = { systemPrompt: null, parameters: { stop: null, seed: null } };
        expect(await settings.update('ann', cleared)).toEqual({ parameters: { temperature: 0.5 } });
        expect(await settings.get('ann')).toEqual({ parameters: { temperature: 0.5 } });
      }));

    it('keep what is no parameter, and forget it alone', () =>
      use(async ({ settings }) => {
        const first = { answerStart: 'Sure,\n', isRaw: false, parameters: { early_stopping: true } };
        expect(await settings.update('ann', first)).toEqual(first);
        expect(await settings.update('ann', { isRaw: true, answerStart: null })).toEqual({
          isRaw: true,
          parameters: { early_stopping: true },
        });
        expect(await settings.get('ann')).toEqual({ isRaw: true, parameters: { early_stopping: true } });
      }));

    it('are of one owner alone', () =>
      use(async ({ settings }) => {
        await settings.update('ann', { systemPrompt: 'of Ann' });
        for (const other of ['eve', 'ANN', 'ann ', '']) expect(await settings.get(other)).toEqual({});
        await settings.update('eve', { systemPrompt: 'of Eve' });
        expect(await settings.get('ann')).toEqual({ systemPrompt: 'of Ann' });
        await settings.update('eve', { systemPrompt: null });
        expect(await settings.get('ann')).toEqual({ systemPrompt: 'of Ann' });
        for (const odd of ['ann\0x', 'ann\ud800']) {
          expect(await faultOf(settings.update(odd, { systemPrompt: 'odd' }))).toBe('invalid-input');
        }
      }));

    it('lose no change of several at once', () =>
      use(async ({ settings }) => {
        await Promise.all([
          settings.update('ann', { systemPrompt: 'Be short.' }),
          settings.update('ann', { parameters: { temperature: 1 } }),
          settings.update('ann', { parameters: { top_p: 0.5 } }),
        ]);
        const parameters = { temperature: 1, top_p: 0.5 };
        expect(await settings.get('ann')).toEqual({ systemPrompt: 'Be short.', parameters });
      }));
  });
}

function describeConversationSettings(open: OpenStorage): void {
  const use = withStorage(open);

  describe('settings of a conversation', () => {
    it('change key by key', () =>
      use(async ({ conversations }) => {
        const settings = { systemPrompt: 'Be short.', parameters: { temperature: 0.5 } };
        const { id } = await conversations.create('ann', makeConversation({ settings }));
        await Promise.all([
          conversations.update('ann', id, { settings: { parameters: { seed: 1 } } }),
          conversations.update('ann', id, { settings: { systemPrompt: '' } }),
          conversations.update('ann', id, { settings: { parameters: { temperature: null } } }),
        ]);
        expect((await conversations.get('ann', id)).settings).toEqual({
          systemPrompt: '',
          parameters: { seed: 1 },
        });
      }));
  });
}

function describePromptRecords(open: OpenStorage): void {
  const use = withStorage(open);
  const prompt = {
    hash: 'hash',
    systemPrompt: 'Be "short".\0',
    parameters: { temperature: 0.5, stop: ['\n'] },
    leftOut: 2,
  };

  describe('the record of a prompt', () => {
    it('stays with the run, and the first counts', () =>
      use(async (storage) => {
        const { generations } = storage;
        const run = await beginRun(storage, 'ann');
        const { generationId } = run;
        await generations.recordPrompts([
          { generationId: randomUUID(), prompt },
          { generationId, prompt },
        ]);
        await generations.recordPrompts([{ generationId, prompt: { ...prompt, hash: 'other' } }]);
        expect((await generations.get('ann', generationId)).prompt).toEqual(prompt);
        await generations.finish([makeFinish(run, 'answer')]);
        const ended = await generations.get('ann', generationId);
        expect(ended).toMatchObject({ status: 'completed', prompt });
      }));

    it('may come after the end, and changes nothing else', () =>
      use(async (storage) => {
        const { generations } = storage;
        const run = await beginRun(storage, 'ann');
        await generations.finish([makeFinish(run, 'answer')]);
        const before = await generations.get('ann', run.generationId);
        await generations.recordPrompts([{ generationId: run.generationId, prompt }]);
        expect(await generations.get('ann', run.generationId)).toEqual({ ...before, prompt });
      }));
  });
}
