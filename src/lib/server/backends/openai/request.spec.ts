import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../domain/parameters';
import type { GenerateRequest, PromptMessage } from '../backend';
import type { ServerFlavour } from '../discovery/discovered';
import { dialects, parametersOf } from './dialect';
import { nothingLearned } from './refusal';
import { wireRequest } from './request';

type Input = Partial<Extract<GenerateRequest, { kind: 'messages' }>>;
const { signal } = new AbortController();
const hi: PromptMessage[] = [{ role: 'user', content: 'Hi' }];

async function asked(
  flavour: ServerFlavour,
  parameters: GenerationParameters,
  input: Input = {},
  hasGuidedFields = false,
) {
  const request = { kind: 'messages' as const, messages: hi, parameters, signal, ...input };
  const { body, warnings } = await wireRequest(request, {
    dialect: dialects[flavour],
    learned: nothingLearned,
    model: 'm',
    hasGuidedFields,
    extra: {},
  });
  const { model: _, messages: __, stream, stream_options: options, ...fields } = body;
  expect([stream, options]).toEqual([true, { include_usage: true }]);
  return { fields, warnings: warnings.map(({ text }) => text) };
}

async function inCompletions(flavour: ServerFlavour, parameters: GenerationParameters, suffix?: string) {
  const request = {
    kind: 'prompt' as const,
    prompt: 'P',
    parameters,
    signal,
    ...(suffix !== undefined && { suffix }),
  };
  const context = {
    dialect: dialects[flavour],
    learned: nothingLearned,
    model: 'm',
    hasGuidedFields: false,
    extra: {},
  };
  return wireRequest(request, context);
}

const all: GenerationParameters = {
  max_new_tokens: 64,
  temperature: 0.5,
  top_p: 0.9,
  top_k: 40,
  min_p: 0.1,
  repetition_penalty: 1.1,
  presence_penalty: 0.2,
  seed: 3,
};

describe('the body of a request', () => {
  it('has nothing that was not set', async () => {
    for (const flavour of Object.keys(dialects) as ServerFlavour[])
      expect(await asked(flavour, {})).toEqual({ fields: {}, warnings: [] });
  });

  it.each<[ServerFlavour, object, number]>([
    ['vllm', { max_tokens: 64, top_k: 40, min_p: 0.1, repetition_penalty: 1.1, presence_penalty: 0.2 }, 0],
    ['llama.cpp', { max_tokens: 64, top_k: 40, min_p: 0.1, repeat_penalty: 1.1, presence_penalty: 0.2 }, 0],
    ['lm-studio', { max_tokens: 64, top_k: 40, repeat_penalty: 1.1, presence_penalty: 0.2 }, 1],
    [
      'openrouter',
      { max_tokens: 64, top_k: 40, min_p: 0.1, repetition_penalty: 1.1, presence_penalty: 0.2 },
      0,
    ],
    ['ollama', { max_tokens: 64, presence_penalty: 0.2 }, 3],
    ['openai', { max_completion_tokens: 64, presence_penalty: 0.2 }, 3],
    ['tgi', { max_tokens: 64 }, 4],
    ['unknown', { max_tokens: 64, presence_penalty: 0.2 }, 3],
  ])(
    'for %s has the names of that, and a warning for each that is not known',
    async (flavour, fields, count) => {
      const { fields: said, warnings } = await asked(flavour, all);
      expect(said).toEqual({ temperature: 0.5, top_p: 0.9, seed: 3, ...fields });
      expect(warnings).toHaveLength(count);
    },
  );

  it('has a share above 0 where the server takes no other', async () => {
    for (const flavour of ['tgi', 'vllm'] as const)
      expect((await asked(flavour, { top_p: 0 })).fields.top_p).toBeGreaterThan(0);
    expect((await asked('openai', { top_p: 0 })).fields).toEqual({ top_p: 0 });
  });

  it('has four stop sequences at most, and log probabilities up to what the server gives', async () => {
    const stop = ['a', 'b', 'c', 'd', 'e'];
    expect((await asked('vllm', { stop, top_logprobs: 20 })).fields).toEqual({
      stop: ['a', 'b', 'c', 'd'],
      logprobs: true,
      top_logprobs: 20,
    });
    expect((await asked('tgi', { top_logprobs: 20 })).fields).toEqual({ logprobs: true, top_logprobs: 5 });
    // Of llama.cpp, none means that there are no log probabilities at all.
    expect((await asked('llama.cpp', { top_logprobs: 0 })).fields).toEqual({
      logprobs: true,
      top_logprobs: 1,
    });
  });

  it('knows biases of tokens, and warns of those of texts', async () => {
    const logit_bias = [
      { token: 5, bias: -100 },
      { text: 'no', bias: 1 },
    ];
    const { fields, warnings } = await asked('openai', { logit_bias });
    expect(fields).toEqual({ logit_bias: { 5: -100 } });
    expect(warnings).toEqual(['This server takes logit_bias of tokens only, not of texts.']);
    expect((await asked('ollama', { logit_bias })).warnings).toEqual([
      'This server does not know logit_bias.',
    ]);
  });

  it('asks for several answers where the server writes them', async () => {
    expect((await asked('vllm', { num_return_sequences: 2 })).fields).toEqual({ n: 2 });
    expect((await asked('ollama', { num_return_sequences: 2 })).fields).toEqual({});
  });

  it('says guided output as each server wants it', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const of = async (
      flavour: ServerFlavour,
      grammar: NonNullable<GenerationParameters['grammar']>,
      old = false,
    ) => asked(flavour, { grammar }, {}, old);
    const format = {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
    };
    expect((await of('openai', { type: 'json', value: schema })).fields).toEqual(format);
    expect((await of('openai', { type: 'json', value: true })).fields).toEqual({
      response_format: { type: 'json_object' },
    });
    expect((await of('vllm', { type: 'json', value: schema })).fields).toEqual(format);
    expect((await of('vllm', { type: 'regex', value: 'a+' })).fields).toEqual({
      structured_outputs: { regex: 'a+' },
    });
    expect((await of('vllm', { type: 'choice', value: ['a', 'b'] }, true)).fields).toEqual({
      guided_choice: ['a', 'b'],
    });
    expect((await of('tgi', { type: 'json', value: schema })).fields).toEqual({
      response_format: { type: 'json', value: schema },
    });
    expect(await of('tgi', { type: 'json', value: true })).toEqual({
      fields: {},
      warnings: ['This server does not know grammar of type json.'],
    });
    expect((await of('tgi', { type: 'choice', value: ['a.', 'b'] })).fields).toEqual({
      response_format: { type: 'regex', value: '(a\\.|b)' },
    });
    expect((await of('llama.cpp', { type: 'choice', value: ['a"', 'b'] })).fields).toEqual({
      grammar: 'root ::= "a\\"" | "b"',
    });
    expect(await of('openai', { type: 'regex', value: 'a+' })).toEqual({
      fields: {},
      warnings: ['This server does not know grammar of type regex.'],
    });
  });

  it('says how long to think as each server wants it', async () => {
    const of = async (flavour: ServerFlavour, reasoning_effort: string) =>
      (await asked(flavour, { reasoning_effort })).fields;
    expect(await of('openai', 'low')).toEqual({ reasoning_effort: 'low' });
    expect(await of('openrouter', 'low')).toEqual({ reasoning: { effort: 'low' } });
    expect(await of('openrouter', 'none')).toEqual({ reasoning: { enabled: false } });
    expect(await of('vllm', 'none')).toEqual({ chat_template_kwargs: { enable_thinking: false } });
    expect(await of('llama.cpp', 'high')).toEqual({
      chat_template_kwargs: { enable_thinking: true, reasoning_effort: 'high' },
    });
    expect((await asked('tgi', { reasoning_effort: 'low' })).warnings).toHaveLength(1);
  });

  it('takes an adapter for a model', async () => {
    const context = {
      dialect: dialects.vllm,
      learned: nothingLearned,
      model: 'm',
      hasGuidedFields: false,
      extra: {},
    };
    const request = { kind: 'messages' as const, messages: hi, parameters: { adapter_id: 'lora' }, signal };
    expect((await wireRequest(request, context)).body.model).toBe('lora');
  });

  it('for a plain text has other names for some', async () => {
    const { path, body } = await inCompletions('tgi', {
      repetition_penalty: 1.2,
      top_logprobs: 2,
      max_new_tokens: 5,
    });
    expect(path).toBe('/completions');
    expect(body).toMatchObject({ prompt: 'P', repetition_penalty: 1.2, logprobs: 2, max_tokens: 5 });
    expect((await inCompletions('openai', { max_new_tokens: 5 })).body).toMatchObject({ max_tokens: 5 });
    expect((await inCompletions('ollama', {}, 'S')).body).toMatchObject({ suffix: 'S' });
    await expect(inCompletions('tgi', {}, 'S')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('claims no parameter that the table does not give to this kind of backend', () => {
    for (const dialect of Object.values(dialects))
      expect(new Set(parametersOf(dialect)).size).toBe(parametersOf(dialect).length);
    expect(parametersOf(dialects.tgi)).not.toContain('presence_penalty');
  });
});

describe('messages', () => {
  it('are one system message at the beginning, and roles in turn', async () => {
    const messages: PromptMessage[] = [
      { role: 'system', content: 'A' },
      { role: 'user', content: 'B' },
      { role: 'user', content: 'C' },
      { role: 'system', content: 'D' },
      { role: 'assistant', content: 'E' },
    ];
    const context = {
      dialect: dialects.vllm,
      learned: nothingLearned,
      model: 'm',
      hasGuidedFields: false,
      extra: {},
    };
    const { body } = await wireRequest({ kind: 'messages', messages, parameters: {}, signal }, context);
    expect(body.messages).toEqual([
      { role: 'system', content: 'A\n\nD' },
      { role: 'user', content: 'B\n\nC' },
      { role: 'assistant', content: 'E' },
    ]);
  });

  it('have their images before the text, as data', async () => {
    const messages: PromptMessage[] = [
      { role: 'user', content: 'What?', images: [{ fileId: 'f', mime: 'image/png' }] },
    ];
    const readFile = (id: string) => Promise.resolve(new TextEncoder().encode(`bytes of ${id}`));
    const context = {
      dialect: dialects.vllm,
      learned: nothingLearned,
      model: 'm',
      hasGuidedFields: false,
      extra: {},
    };
    const { body } = await wireRequest(
      { kind: 'messages', messages, parameters: {}, signal, readFile },
      context,
    );
    const asked = { kind: 'messages' as const, messages, parameters: {}, signal };
    await expect(wireRequest(asked, context)).rejects.toMatchObject({ code: 'invalid-input' });
    const url = `data:image/png;base64,${Buffer.from('bytes of f').toString('base64')}`;
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url } },
          { type: 'text', text: 'What?' },
        ],
      },
    ]);
  });
});
