import type * as wllama from '@wllama/wllama';

/** What llama.cpp's server says of a request that it refuses or gives up. */
export interface LlamaFault {
  code: number;
  message: string;
  type: string;
}

/** How an answer ended that was not said to its end; `left` when that was asked for. */
export type Broken = 'left' | LlamaFault;

export type LlamaFacts = wllama.LoadedContextInfo;

declare global {
  interface Window {
    wllama: typeof wllama;
    llama: wllama.Wllama;
    faults: LlamaFault[];
    asked: Map<number, AbortController>;
    /** Brings what llama.cpp says for a request, as JSON, to the server outside. */
    say: (request: number, chunk: string) => Promise<void>;
  }
}

/** The page in which llama.cpp runs. */
export const html = `<!doctype html><title>llama.cpp</title><script type="module">
import * as wllama from '/wllama.js';
window.wllama = wllama;
</script>`;

/** In the page: loads the model. One slot, so that an answer that nobody stopped keeps the next one waiting. */
export async function load(contextLength: number): Promise<LlamaFacts> {
  const { Wllama, LoggerWithoutDebug } = window.wllama;
  window.asked = new Map();
  window.faults = [];
  // The library throws the message alone; code and type are what it logs.
  const error = (_: string, fault: LlamaFault) => void window.faults.push(fault);
  window.llama = new Wllama(
    { default: '/wllama.wasm' },
    { logger: { ...LoggerWithoutDebug, error }, suppressNativeLog: true },
  );
  // Nothing is fetched from elsewhere.
  window.llama.setCompat(null);
  const weights = await (await fetch('/model.gguf')).blob();
  await window.llama.loadModel([weights], {
    n_ctx: contextLength,
    n_parallel: 1,
    // Threads that wait for each other in a loop are slower than one where processors are shared.
    n_threads: 1,
    n_gpu_layers: 0,
    jinja: true,
  });
  return window.llama.getLoadedContextInfo();
}

/** In the page: has a request to `/v1/chat/completions` answered, every chunk through `say`. */
export async function answer([request, body]: [number, object]): Promise<Broken | undefined> {
  const said: Promise<void>[] = [];
  const say = (chunk: unknown) => said.push(window.say(request, JSON.stringify(chunk)));
  const controller = new AbortController();
  window.asked.set(request, controller);
  try {
    const options = { ...body, onData: say, abortSignal: controller.signal };
    const whole: unknown = await window.llama.createChatCompletion(
      options as unknown as wllama.ChatCompletionParams & { stream?: false },
    );
    if (whole !== undefined) say(whole);
    return undefined;
  } catch (thrown) {
    if (controller.signal.aborted) return 'left';
    const fault = window.faults.pop();
    if (!fault) throw thrown;
    return fault;
  } finally {
    window.asked.delete(request);
    await Promise.all(said);
  }
}

/** In the page: whoever asked has gone. */
export function leave(request: number): void {
  window.asked.get(request)?.abort();
}
