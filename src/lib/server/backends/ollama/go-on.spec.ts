import { describe, expect, it } from 'vitest';
import type { GenerateInput } from '../backend';
import { fakeOllama } from '../__fixtures__/fake-ollama';
import type { FakeServer } from '../__fixtures__/fake-server';
import { useOllama } from '../__fixtures__/use-ollama';
import { planToGoOn, renderedIn } from './go-on';
import type { OllamaPlan } from './request';

const messages = [{ role: 'user' as const, content: 'Tell me of rivers.' }];
const input: GenerateInput = { kind: 'messages', messages, prefix: 'Slow rivers ' };
const question = '<|im_start|>user\nTell me of rivers.<|im_end|>\n<|im_start|>assistant\n';

describe('going on with an answer of Ollama', () => {
  it('is given the prompt up to its end, where the template ends every message', () =>
    useOllama({ endsMessages: true }, async ({ ask, sent }) => {
      await ask({ temperature: 0, max_new_tokens: 7 }, input);
      const [asked, answered] = sent();
      expect(asked).toMatchObject({
        path: '/api/chat',
        body: { _debug_render_only: true, options: { num_ctx: 8192, temperature: 0, num_predict: 1 } },
      });
      expect(answered).toEqual({
        path: '/api/generate',
        body: {
          prompt: `${question}Slow rivers `,
          raw: true,
          options: { num_ctx: 8192, temperature: 0, num_predict: 7 },
        },
      });
    }));

  it.each([[false], [undefined]])(
    'is its last message otherwise, and where nothing is told (%s)',
    async (endsMessages) => {
      await useOllama({ ...(endsMessages !== undefined && { endsMessages }) }, async ({ ask, sent }) => {
        await ask({}, input);
        expect(sent()).toHaveLength(2);
        expect(sent()[1]).toEqual({
          path: '/api/chat',
          body: {
            messages: [...messages, { role: 'assistant', content: 'Slow rivers ' }],
            options: { num_ctx: 8192 },
          },
        });
      });
    },
  );

  it('has no start that comes again, as it does from templates of the model itself', () =>
    useOllama({ endsMessages: false, tokens: ['Slow rivers run', ' deep'] }, async ({ ask }) => {
      expect((await ask({}, input)).text).toBe('run deep');
    }));

  it('goes on where the prompt was made, since the template of another server may be another', async () => {
    const other = await fakeOllama({ endsMessages: true });
    await useOllama(
      { endsMessages: false },
      async ({ ask, server }) => {
        for (let time = 0; time < 12; time += 1) await ask({ max_new_tokens: 1 }, input);
        const answers = ({ requests }: FakeServer) =>
          requests
            .filter(({ path }) => path !== '/api/show')
            .map(({ path, body }) => ('_debug_render_only' in (body as object) ? 'rendered' : path));
        expect([...answers(server), ...answers(other)]).toHaveLength(24);
        for (const [of, path] of [
          [server, '/api/chat'],
          [other, '/api/generate'],
        ] as const)
          answers(of).forEach((what, at) => expect(what).toBe(at % 2 === 0 ? 'rendered' : path));
      },
      { endpoints: [{ url: other.url }] },
    );
    await other.close();
  });

  it('tells what is wrong where it cannot be asked', () =>
    useOllama(
      { endsMessages: true },
      async ({ ask }) => {
        await expect(ask({}, input)).rejects.toMatchObject({ code: 'model-unavailable' });
      },
      { model: 'large:70b' },
    ));

  it('asks nothing without a start', () =>
    useOllama({ endsMessages: true }, async ({ ask, sent }) => {
      await ask();
      expect(sent()).toHaveLength(1);
    }));
});

describe('the plan to go on', () => {
  const plan: OllamaPlan = {
    path: '/api/chat',
    body: {
      model: 'm',
      think: true,
      messages: [
        { role: 'user', content: 'a', images: ['one', 'two'] },
        { role: 'assistant', content: 'b' },
      ],
    },
    changes: ['c'],
  };

  it('keeps the images in order, and leaves thinking out', () => {
    expect(planToGoOn(plan, 'b', '[img-0][img-1]a|b|')).toEqual({
      path: '/api/generate',
      body: { model: 'm', prompt: '[img-0][img-1]a|b', raw: true, images: ['one', 'two'] },
      changes: ['c'],
    });
  });

  it.each([
    ['ends with it', 'b', 'a|b'],
    ['ends with it, trimmed', ' b \n', 'a|b'],
    ['ends with it and space', 'b', 'a|b\n'],
    ['has it changed', 'b', 'a|B|'],
    ['is not told', 'b', undefined],
    ['cannot show it', ' ', 'a| |'],
  ])('is that of a message where the prompt %s', (_, start, rendered) => {
    expect(planToGoOn(plan, start, rendered)).toBe(plan);
  });

  it('keeps the space at the end of the start, which the template may trim', () => {
    expect(planToGoOn(plan, ' b ', 'a|b|end').body.prompt).toBe('a|b ');
  });

  it.each(['', 'no', '{}', '{"_debug_info":null}', '{"_debug_info":{"rendered_template":1}}'])(
    'has no prompt in %j',
    (reply) => {
      expect(renderedIn(reply)).toBeUndefined();
    },
  );
});
