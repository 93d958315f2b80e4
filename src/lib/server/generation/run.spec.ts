import pino from 'pino';
import { expect, it } from 'vitest';
import { AppError } from '../../domain/errors';
import type { Generation, PromptRecord } from '../../domain/generation';
import type { Message } from '../../domain/message';
import type { Backend, BackendEvent, GenerateRequest } from '../backends/backend';
import type { Model, Prepared } from '../models/model';
import { Run } from './run';
import { Slots } from './slots';

type Answer = (request: GenerateRequest) => AsyncGenerator<BackendEvent>;

const tooLong = (details: { tokens?: number; limit?: number }) =>
  new AppError('context-too-long', 'Too long.', { details });

/** A model whose prompt gets shorter each time that it is told of a refusal, and a server that answers as it is told to. */
function runWith(answers: Answer[], canLearn = true, changes: Partial<Model> = {}) {
  const learned: object[] = [];
  const told: PromptRecord[] = [];
  let attempt = 0;
  const model = {
    id: 'm',
    backend: {
      writesChoices: false,
      generate: (request: GenerateRequest) => answers[attempt++]?.(request),
    } as Partial<Backend>,
    makeReady: () => Promise.resolve(),
    learn: (_: unknown, tokens: number) => learned.push({ read: tokens }),
    learnTooLong: (_: Prepared, refusal: object) => (learned.push(refusal), canLearn),
    prepare: () => {
      const leftOut = learned.length;
      const record = { hash: `hash ${String(leftOut)}`, parameters: {}, leftOut };
      return Promise.resolve({
        input: { kind: 'messages', messages: [] },
        parameters: {},
        promptTokens: 9,
        leftOut,
        record,
      });
    },
    ...changes,
  } as Partial<Model> as Model;
  const message = { id: 'a', role: 'assistant', parts: [], status: 'running' } as Partial<Message> as Message;
  const run = new Run({
    owner: 'o',
    generation: { id: 'g', conversationId: 'c', messageIds: ['a'] } as Partial<Generation> as Generation,
    messages: [message],
    model,
    slots: new Slots(undefined),
    prepare: { path: [], settings: {}, prefix: '' },
    readFile: () => Promise.reject(new Error('It has no files.')),
    log: pino({ level: 'silent' }),
  });
  const execute = () => run.execute({ onRunning: () => undefined, onPrompt: (record) => told.push(record) });
  return { run, execute, learned, told };
}

async function* refuses(
  details: { tokens?: number; limit?: number },
  ...before: BackendEvent[]
): AsyncGenerator<BackendEvent> {
  yield* before;
  await Promise.resolve();
  throw tooLong(details);
}

async function* writes(text: string): AsyncGenerator<BackendEvent> {
  await Promise.resolve();
  yield { type: 'delta', choice: 0, kind: 'text', text };
  yield { type: 'finish', reason: 'stop', usage: { promptTokens: 40, completionTokens: 1 } };
}

const warning = { type: 'warning', code: 'unknown-parameter', text: 'No.' } as const;

it('makes a prompt that the server finds too long again, shorter, and keeps that one', async () => {
  const { execute, learned, told } = runWith([
    () => refuses({ tokens: 5000, limit: 4096 }, warning),
    () => writes('Yes.'),
  ]);
  expect(await execute()).toMatchObject({ status: 'completed' });
  expect(learned).toEqual([{ tokens: 5000, limit: 4096 }, { read: 40 }]);
  expect(told).toEqual([{ hash: 'hash 1', parameters: {}, leftOut: 1 }]);
});

it('asks once more and not again', async () => {
  const { execute, told } = runWith([() => refuses({ limit: 4096 }), () => refuses({ limit: 2048 })]);
  expect(await execute()).toMatchObject({ status: 'failed', error: { code: 'context-too-long' } });
  expect(told).toMatchObject([{ hash: 'hash 1' }]);
});

it('gives up at once when nothing is learned from the refusal', async () => {
  const { execute, told } = runWith([() => refuses({})], false);
  expect(await execute()).toMatchObject({ status: 'failed', error: { code: 'context-too-long' } });
  expect(told).toMatchObject([{ hash: 'hash 0' }]);
});

it('does not begin again once something was written', async () => {
  const written = { type: 'delta', choice: 0, kind: 'text', text: 'So' } as const;
  const { execute, learned } = runWith([() => refuses({ limit: 4096 }, written), () => writes('Yes.')]);
  expect(await execute()).toMatchObject({ status: 'failed' });
  expect(learned).toEqual([]);
});

it.each(['makeReady', 'prepare'] as const)('ends at once when it is stopped in %s', async (what) => {
  const { run, execute } = runWith([() => writes('Yes.')], true, { [what]: () => new Promise(() => {}) });
  const ending = execute();
  await Promise.resolve();
  run.stop({ status: 'stopped' });
  expect(await ending).toMatchObject({ type: 'run-end', status: 'stopped' });
});
