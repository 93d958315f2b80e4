import { describe, expect, it } from 'vitest';
import type { Message } from '../../domain/message';
import { createBackend } from '../backends/index';
import { promptsOf } from './loaded';
import type { ModelConfig } from './model-config';
import { TokenCounter } from './token-counter';

const backend = { type: 'scripted' as const, replies: [{ text: '' }] };
const elsewhere = { type: 'openai', url: 'http://127.0.0.1:9/v1' } as unknown as NonNullable<
  ModelConfig['backend']
>;
const question: Message = {
  id: 'q',
  conversationId: 'c',
  parentId: null,
  role: 'user',
  parts: [{ type: 'text', text: 'Hi' }],
  origin: 'user',
  status: 'complete',
  createdAt: new Date(0),
};

async function inputOf(
  config: Partial<ModelConfig>,
  accepts: ('messages' | 'prompt')[] = ['messages', 'prompt'],
) {
  const { prompts } = promptsOf({ id: 'm', origin: 'listed', backend, ...config }, undefined, {
    counter: new TokenCounter(createBackend(backend)),
    accepts,
    capabilities: {},
  });
  return (await prompts.prepare({ path: [question], settings: {}, prefix: '' })).input;
}

describe('the prompt of a model', () => {
  it('is written by the template of its entry, and otherwise by the server that has one', async () => {
    const chat = (prompt: string) => ({ kind: 'prompt', prompt, conversation: { prefix: '' } });
    const chatTemplate = { builtIn: 'mistral-nemo' } as const;
    expect(await inputOf({ chatTemplate })).toEqual(chat('<s>[INST]Hi[/INST]'));
    expect(await inputOf({})).toMatchObject({ kind: 'messages' });
    expect(await inputOf({}, ['prompt'])).toEqual(chat('Hi\n\n'));
  });

  it('begins with the token that servers put there themselves only where it shall', async () => {
    const begin = async (writesBos?: boolean) => {
      const chatTemplate = {
        builtIn: 'mistral-nemo' as const,
        ...(writesBos !== undefined && { writesBos }),
      };
      const input = await inputOf({ backend: elsewhere, chatTemplate });
      return input.kind === 'prompt' ? input.prompt : '';
    };
    expect(await begin()).toBe('[INST]Hi[/INST]');
    expect(await begin(true)).toBe('<s>[INST]Hi[/INST]');
  });

  it('has the system prompt where its model takes one', async () => {
    const told = { systemPrompt: 'Be brief.', systemRole: false };
    expect(await inputOf({ ...told, chatTemplate: { builtIn: 'chatml' } })).toEqual({
      kind: 'prompt',
      prompt: '<|im_start|>user\nBe brief.\n\nHi<|im_end|>\n<|im_start|>assistant\n',
      conversation: { prefix: '' },
    });
    expect(await inputOf(told)).toMatchObject({
      messages: [{ role: 'user', content: 'Be brief.\n\nHi' }],
    });
  });
});
