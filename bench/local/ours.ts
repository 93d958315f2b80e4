import { LocalBackend, type LocalConfig } from '../../src/lib/server/backends/local.backend';
import type { GenerationParameters } from '../../src/lib/domain/parameters';
import type { Prompt } from './peer';
import { ratesOf, timingOf, type Arrivals } from './rates';
import { serve } from './serve';

export interface OurRequest {
  prompt: string;
  parameters: GenerationParameters;
  /** The conversation whose beginning may be reused. */
  scope?: string;
}

export interface OurAnswer extends Arrivals {
  text: string;
  startedAt: number;
  promptTokens: number;
  /** Tokens of the prompt that had been read before. */
  cachedTokens: number;
}

/** No guesses: every token is a step of its own, as the peers' are. */
export const plainParameters = (newTokens: number): GenerationParameters => ({
  temperature: 0,
  repetition_penalty: 1,
  max_new_tokens: newTokens,
  min_new_tokens: newTokens,
  prompt_lookup_num_tokens: 0,
});

/** Our engine as the server has it: a backend, whose model runs in the built engine process. */
export async function serveOurs(path: string, threads: number, slots: number): Promise<void> {
  const config: LocalConfig & { slots: number; context: number } = {
    type: 'local',
    path,
    threads,
    slots,
    context: 2048,
  };
  const backend = new LocalBackend(config);
  const state = await backend.warmUp();
  if (state.state === 'unavailable') throw new Error(`${state.reason} ${state.remedy}`);
  serve({
    answer: (request: OurRequest) => answer(backend, request),
    write: async ({ prompt, newTokens }: { prompt: Prompt; newTokens: number }) => {
      const written = await plainAnswer(backend, prompt, newTokens);
      return timingOf(written, written.startedAt);
    },
    together: async ({ prompts, newTokens }: { prompts: Prompt[]; newTokens: number }) => {
      const startedAt = performance.now();
      const answers = prompts.map((prompt) => plainAnswer(backend, prompt, newTokens));
      return ratesOf(await Promise.all(answers), startedAt);
    },
  });
}

async function plainAnswer(backend: LocalBackend, prompt: Prompt, newTokens: number): Promise<OurAnswer> {
  const written = await answer(backend, { prompt: prompt.text, parameters: plainParameters(newTokens) });
  if (written.tokens === newTokens) return written;
  throw new Error(`Our engine wrote ${String(written.tokens)} tokens instead of ${String(newTokens)}.`);
}

async function answer(backend: LocalBackend, request: OurRequest): Promise<OurAnswer> {
  const { prompt, parameters, scope } = request;
  const startedAt = performance.now();
  const at: number[] = [];
  let text = '';
  const events = backend.generate({
    kind: 'prompt',
    prompt,
    parameters,
    signal: new AbortController().signal,
    ...(scope !== undefined && { cache: { scope } }),
  });
  for await (const event of events) {
    if (event.type === 'warning') throw new Error(event.text);
    if (event.type !== 'delta' && event.type !== 'finish') continue;
    at.push(performance.now());
    if (event.type === 'delta') {
      text += event.text;
      continue;
    }
    // The end comes with the last token: it is no piece of its own.
    if (at.length > 1) at.splice(-2, 1);
    const { promptTokens = 0, completionTokens = 0, cachedTokens = 0 } = event.usage ?? {};
    return { at, text, startedAt, promptTokens, cachedTokens, tokens: completionTokens };
  }
  throw new Error('The engine ended an answer without saying so.');
}
