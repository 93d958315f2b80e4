import { basename, dirname } from 'node:path';
import type { Prompt, Turn } from './peer';
import { ratesOf, timingOf, type Arrivals } from './rates';
import { serve } from './serve';

/** The part of `@huggingface/transformers` that is used here. */
interface Library {
  env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(task: 'text-generation', model: string, options: object): Promise<Generator>;
}
type Generator = (texts: string[], options: object) => Promise<unknown>;

/** It is called with the prompts, then with one token of each row a step. */
class Watch {
  readonly at: number[] = [];
  private hasBegun = false;

  put(): void {
    if (this.hasBegun) this.at.push(performance.now());
    this.hasBegun = true;
  }

  end(): void {
    // The last token has been put.
  }
}

/** transformers.js on the same weights, as its documentation has it. It keeps nothing between two calls. */
export async function serveTransformersJs(path: string, threads: number): Promise<void> {
  // By a name that is not known when this is bundled: the bench runs without the package too.
  const name: string = '@huggingface/transformers';
  const { env, pipeline } = (await import(name)) as Library;
  env.allowRemoteModels = false;
  env.localModelPath = dirname(path);
  const generator = await pipeline('text-generation', basename(path), {
    dtype: 'q4',
    device: 'cpu',
    session_options: { intraOpNumThreads: threads },
  });
  const generate = async (texts: string[], newTokens: number): Promise<Arrivals & { startedAt: number }> => {
    const watch = new Watch();
    const startedAt = performance.now();
    await generator(texts, {
      do_sample: false,
      repetition_penalty: 1,
      max_new_tokens: newTokens,
      min_new_tokens: newTokens,
      return_full_text: false,
      streamer: watch,
    });
    return { at: watch.at, tokens: watch.at.length, startedAt };
  };
  await generate(['Hello'], 2);
  serve({
    write: async ({ prompt, newTokens }: { prompt: Prompt; newTokens: number }) => {
      const written = await generate([prompt.text], newTokens);
      return timingOf(written, written.startedAt);
    },
    turn: async ({ prompt }: Turn) => {
      const written = await generate([prompt.text], 1);
      return timingOf(written, written.startedAt).firstTokenMs;
    },
    // One batch, whose rows go in step.
    together: async ({ prompts, newTokens }: { prompts: Prompt[]; newTokens: number }) => {
      const { startedAt, ...written } = await generate(
        prompts.map(({ text }) => text),
        newTokens,
      );
      return ratesOf(
        prompts.map(() => written),
        startedAt,
      );
    },
  });
}
