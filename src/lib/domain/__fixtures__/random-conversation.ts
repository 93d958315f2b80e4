import { errorCodes } from '../errors';
import type { Generation, PromptRecord } from '../generation';
import type { Message } from '../message';
import type { Part } from '../parts';
import type { WholeConversation } from '../portable';

/** Numbers that look random and are the same each time (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const texts = [
  'plain',
  'Grüße 世界 🌍',
  '"quotes" and \\ backslash',
  '\u0000\u0007\ud83d half',
  '</script><b>',
  '{"messages":[',
  '\u2028\r\n\ttabs',
  '__proto__',
];

/** Choices that are the same each time for one seed. */
function diceFrom(seed: number) {
  const next = numbersFrom(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const digits = (count: number) => Array.from({ length: count }, () => below(16).toString(16)).join('');
  return {
    isLucky: (share: number) => next() < share,
    below,
    pick: <T>(values: readonly T[]): T => values[below(values.length)] as T,
    /** The properties, or none. */
    maybe: <T extends object>(value: T): T | object => (next() < 0.5 ? value : {}),
    uuid: () => `${digits(8)}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`,
    date: () => new Date(1_700_000_000_000 + below(50_000_000_000)),
  };
}
type Dice = ReturnType<typeof diceFrom>;

/** A conversation with a random tree of messages, in which every property that there is occurs. */
export function randomConversation(seed: number): WholeConversation {
  const dice = diceFrom(seed);
  const { below, pick, maybe, uuid, date } = dice;
  const id = uuid();
  const generations: Generation[] = [];
  const messages: Message[] = [];
  for (let index = below(30); index >= 0; index -= 1) {
    const parent = dice.isLucky(0.15) ? undefined : messages[below(messages.length)];
    const parentId = parent?.id ?? null;
    if (dice.isLucky(0.4)) messages.push(randomQuestion(dice, id, parentId));
    else {
      const run = randomRun(dice, id);
      generations.push(run);
      for (const messageId of run.messageIds) messages.push(randomAnswer(dice, run, messageId, parentId));
    }
  }
  generations.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  return {
    conversation: {
      id,
      kind: pick(['chat', 'completion', 'text2text']),
      title: pick(['', 'Title', '🌍 <b>"x"']),
      leafId: pick(messages).id,
      modelId: pick(['a/b', 'c']),
      settings: {
        ...maybe({ systemPrompt: pick(texts) }),
        ...maybe({ answerStart: pick(texts), isRaw: dice.isLucky(0.5) }),
        ...maybe({ task: 'eng_Latn>fra_Latn' }),
        ...maybe({ parameters: { top_k: below(50) } }),
      },
      isPinned: dice.isLucky(0.3),
      createdAt: date(),
      updatedAt: date(),
    },
    messages,
    generations,
  };
}

function randomParts({ below, pick }: Dice): Part[] {
  return Array.from({ length: below(3) }, () => ({
    type: pick(['text', 'reasoning'] as const),
    text: pick(texts).repeat(1 + below(3)),
  }));
}

function randomQuestion(dice: Dice, conversationId: string, parentId: string | null): Message {
  const { pick, uuid, date } = dice;
  return {
    id: uuid(),
    conversationId,
    parentId,
    role: pick(['user', 'system', 'tool']),
    parts: randomParts(dice),
    origin: pick(['user', 'edited', 'imported']),
    status: 'complete',
    createdAt: date(),
  };
}

function randomRun(dice: Dice, conversationId: string): Generation {
  const { below, pick, maybe, uuid, date } = dice;
  return {
    id: uuid(),
    conversationId,
    messageIds: Array.from({ length: 1 + below(3) }, uuid),
    modelId: pick(['a/b', 'Modell "ü"']),
    parameters: {
      ...maybe({ temperature: below(5) / 4, seed: below(100) }),
      ...maybe({ stop: ['\n', pick(['a', 'b'])] }),
    },
    prefix: pick(['', 'Once upon']),
    status: pick(['completed', 'stopped', 'failed', 'interrupted']),
    processId: '',
    requestHash: '',
    createdAt: date(),
    endedAt: date(),
    ...maybe({ prompt: randomPrompt(dice) }),
    ...randomEnd(dice),
  };
}

function randomPrompt({ below, pick, maybe }: Dice): PromptRecord {
  return {
    hash: pick(['h4sh', 'x_-'.repeat(14)]),
    ...maybe({ systemPrompt: pick(texts) }),
    ...maybe({ isRaw: true }),
    ...maybe({ task: 'summarize' }),
    parameters: { max_new_tokens: 1 + below(2000), ...maybe({ top_p: 0.5 }) },
    leftOut: below(9),
  };
}

function randomAnswer(dice: Dice, run: Generation, id: string, parentId: string | null): Message {
  const { below, pick, maybe, date } = dice;
  return {
    id,
    conversationId: run.conversationId,
    parentId,
    role: 'assistant',
    parts: randomParts(dice),
    origin: pick(['model', 'edited', 'imported']),
    generationId: run.id,
    status: pick(['complete', 'stopped', 'failed', 'interrupted']),
    createdAt: date(),
    ...maybe({ modelId: run.modelId }),
    ...maybe({ prefixLength: below(9), leftOut: below(9) }),
    ...maybe({ warnings: [{ code: 'images-left-out', text: pick(texts) }] }),
    ...maybe({
      tokens: [
        { text: pick(texts), logprob: -1 - below(9), ...maybe({ top: [{ text: 'a', logprob: -1 }] }) },
      ],
    }),
    ...maybe({ promptLogprobs: [{ text: pick(texts) }, { text: pick(texts), logprob: -1 - below(9) }] }),
    ...randomEnd(dice),
  };
}

function randomEnd({
  below,
  pick,
  maybe,
  isLucky,
}: Dice): Partial<Pick<Message, 'finishReason' | 'usage' | 'error'>> {
  const usage = { promptTokens: below(99), completionTokens: below(99) };
  const error = { code: pick(errorCodes), message: pick(texts), retryable: isLucky(0.5) };
  return {
    ...maybe({ finishReason: pick(['stop', 'length', 'time'] as const) }),
    ...maybe({
      usage: {
        ...usage,
        ...maybe({ cachedTokens: below(9), firstTextMs: 5, durationMs: 9, reasoningMs: 2.5 }),
      },
    }),
    ...maybe({ error: { ...error, ...maybe({ details: { limit: below(9), words: 'x' } }) } }),
  };
}
