import type { Prompt, Turn } from './peer';
import { ratesOf, timingOf, type Arrivals } from './rates';
import { serve } from './serve';

/** The part of `node-llama-cpp` that is used here. */
interface Library {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<Model> }>;
  LlamaChatSession: new (options: { contextSequence: Sequence; systemPrompt: string }) => Session;
}
interface Model {
  tokenize(text: string, specialTokens: boolean): number[];
  createContext(options: object): Promise<Context>;
}
interface Context {
  getSequence(): Sequence;
  dispose(): Promise<void>;
}
interface Sequence {
  evaluate(tokens: number[], options: object): AsyncIterable<number>;
  clearHistory(): Promise<void>;
}
interface Session {
  prompt(text: string, options: object): Promise<string>;
}

const longest = 2048;
/** For what a chat session adds of its own. */
const spare = 256;

/** llama.cpp as its best-known Node package brings it, prebuilt. */
export async function serveNodeLlamaCpp(gguf: string, threads: number): Promise<void> {
  const name: string = 'node-llama-cpp';
  const { getLlama, LlamaChatSession } = (await import(name)) as Library;
  const llama = await getLlama({ build: 'never', gpu: false, maxThreads: threads, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: gguf });
  const lone = new Contexts(model, threads);
  const several = new Contexts(model, threads);
  const chats = new Contexts(model, threads);
  let current: { chat: string; session: Session } | undefined;
  await write(model, await lone.sequence(longest + spare), { text: 'Hello', tokens: 1 }, 2);
  serve({
    write: async ({ prompt, newTokens }: { prompt: Prompt; newTokens: number }) => {
      const sequence = await lone.sequence(longest + spare);
      const startedAt = performance.now();
      return timingOf(await write(model, sequence, prompt, newTokens), startedAt);
    },
    turn: async ({ chat, text, newTokens }: Turn) => {
      if (current?.chat !== chat) {
        await chats.dispose();
        const contextSequence = await chats.sequence(longest + spare);
        current = { chat, session: new LlamaChatSession({ contextSequence, systemPrompt: '' }) };
      }
      const startedAt = performance.now();
      let firstAt = NaN;
      await current.session.prompt(text, {
        temperature: 0,
        repeatPenalty: false,
        maxTokens: newTokens,
        onToken: () => (firstAt = Number.isNaN(firstAt) ? performance.now() : firstAt),
      });
      return firstAt - startedAt;
    },
    together: async ({ prompts, newTokens }: { prompts: Prompt[]; newTokens: number }) => {
      const size = Math.max(...prompts.map(({ tokens }) => tokens)) + newTokens;
      const sequences = await several.sequences(prompts.length, size);
      const startedAt = performance.now();
      const answers = sequences.map((sequence, index) =>
        write(model, sequence, prompts[index] ?? { text: '', tokens: 0 }, newTokens),
      );
      return ratesOf(await Promise.all(answers), startedAt);
    },
  });
}

/** One context at a time, made anew when another is asked for: making one is never timed. */
class Contexts {
  private made: { context: Context; key: string; sequences: Sequence[] } | undefined;

  constructor(
    private readonly model: Model,
    private readonly threads: number,
  ) {}

  async sequence(size: number): Promise<Sequence> {
    const [sequence] = await this.sequences(1, size);
    if (!sequence) throw new Error('node-llama-cpp made a context without a sequence.');
    return sequence;
  }

  /** Empty sequences of one context, which decodes them together. */
  async sequences(count: number, size: number): Promise<Sequence[]> {
    const key = `${String(count)} ${String(size)}`;
    if (this.made?.key !== key) {
      await this.dispose();
      const options = {
        sequences: count,
        contextSize: size,
        batchSize: 512,
        threads: { ideal: this.threads, min: this.threads },
      };
      const context = await this.model.createContext(options);
      const sequences = Array.from({ length: count }, () => context.getSequence());
      this.made = { context, key, sequences };
    }
    for (const sequence of this.made.sequences) await sequence.clearHistory();
    return this.made.sequences;
  }

  async dispose(): Promise<void> {
    await this.made?.context.dispose();
    this.made = undefined;
  }
}

async function write(model: Model, sequence: Sequence, prompt: Prompt, count: number): Promise<Arrivals> {
  const tokens = model.tokenize(prompt.text, true);
  if (tokens.length !== prompt.tokens)
    throw new Error(`node-llama-cpp reads ${String(prompt.tokens)} tokens as ${String(tokens.length)}.`);
  const at: number[] = [];
  // Going on after an end is what the others are told to do as well.
  for await (const _token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
    at.push(performance.now());
    if (at.length === count) break;
  }
  return { at, tokens: at.length };
}
