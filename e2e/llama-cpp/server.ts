import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { bundledGguf } from './bundled-gguf';
import { answer, html, leave, load, type LlamaFacts, type LlamaFault } from './page';

const { resolve } = createRequire(import.meta.url);
const modelId = 'SmolLM2-135M-Instruct';
const contextLength = 1024;

/**
 * llama.cpp with the bundled weights, over HTTP. What answers is llama.cpp's own server, compiled to WebAssembly by wllama
 * and run in a page of the browser: template, tokens, sampling, chunks, usage and errors are its own. Only what wllama
 * leaves out is written here, after `tools/server` of llama.cpp: the lines of the protocol, the list of models and `/props`.
 */
export class LlamaCpp {
  readonly model = modelId;
  /** Requests whose client went, and which llama.cpp gave up then. */
  left = 0;
  /** Of the last answer. */
  usage: { prompt_tokens: number; completion_tokens: number } | undefined;
  /** What llama.cpp refused, in its words. */
  readonly refused: LlamaFault[] = [];
  private facts: LlamaFacts | undefined;
  private requests = 0;
  private readonly listeners = new Map<number, (chunk: string) => void>();
  private readonly server = createServer((request, response) => {
    this.route(request, response).catch((thrown: unknown) =>
      fail(response, { code: 500, message: String(thrown), type: 'server_error' }),
    );
  });

  private constructor(
    private readonly page: Page,
    private weights: Uint8Array[],
  ) {}

  /** On a free port; resolves once the model is loaded. */
  static async start(browser: Browser): Promise<LlamaCpp> {
    const folder = new URL(`../../models/HuggingFaceTB/${modelId}`, import.meta.url);
    const llama = new LlamaCpp(await browser.newPage(), bundledGguf(fileURLToPath(folder)));
    await new Promise<void>((done) => llama.server.listen(0, '127.0.0.1', done));
    await llama.page.exposeFunction('say', (request: number, chunk: string) =>
      llama.listeners.get(request)?.(chunk),
    );
    await llama.page.goto(llama.url);
    llama.facts = await llama.page.evaluate(load, contextLength);
    llama.weights = [];
    return llama;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await this.page.close();
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end(html);
      case 'GET /wllama.js':
        return file(response, '@wllama/wllama/esm/index.min.js', 'text/javascript');
      case 'GET /wllama.wasm':
        return file(response, '@wllama/wllama/esm/wasm/wllama.wasm', 'application/wasm');
      case 'GET /model.gguf':
        for (const part of this.weights) response.write(part);
        return void response.end();
      case 'GET /v1/models':
        return json(response, 200, { object: 'list', data: [modelOf(this.known())] });
      case 'GET /props':
        return json(response, 200, propsOf(this.known()));
      case 'POST /v1/chat/completions':
        return this.chat(JSON.parse(await textOf(request)) as object, response);
      default:
        return fail(response, { code: 404, message: 'File Not Found', type: 'not_found_error' });
    }
  }

  private async chat(body: object, response: ServerResponse): Promise<void> {
    const id = (this.requests += 1);
    const streams = 'stream' in body && body.stream === true;
    this.listeners.set(id, (chunk) => {
      this.usage = (JSON.parse(chunk) as { usage?: LlamaCpp['usage'] }).usage ?? this.usage;
      if (!streams) return void json(response, 200, JSON.parse(chunk));
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${chunk}\n\n`);
    });
    response.once('close', () => {
      // The page may have been closed, and its answers with it.
      if (!response.writableFinished) this.page.evaluate(leave, id).catch(() => undefined);
    });
    const broken = await this.page.evaluate(answer, [id, body] as [number, object]);
    this.listeners.delete(id);
    if (broken === undefined) return void (streams && response.end('data: [DONE]\n\n'));
    if (broken === 'left') return void (this.left += 1);
    this.refused.push(broken);
    fail(response, broken);
  }

  private known(): LlamaFacts {
    if (!this.facts) throw new Error('The model is not loaded yet.');
    return this.facts;
  }
}

function modelOf({ n_vocab, n_ctx, n_ctx_train, n_embd }: LlamaFacts): object {
  const meta = { n_vocab, n_ctx, n_ctx_train, n_embd };
  return { id: modelId, object: 'model', created: 0, owned_by: 'llamacpp', meta };
}

function propsOf({ n_ctx, has_image_input: vision, has_audio_input: audio, metadata }: LlamaFacts): object {
  return {
    default_generation_settings: { n_ctx },
    total_slots: 1,
    modalities: { vision, audio },
    chat_template: metadata['tokenizer.chat_template'],
  };
}

function file(response: ServerResponse, path: string, type: string): void {
  response.writeHead(200, { 'content-type': type });
  createReadStream(resolve(path)).pipe(response);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(value));
}

/** An error before the first chunk is the reply, a later one is its last event. */
function fail(response: ServerResponse, error: LlamaFault): void {
  if (response.headersSent) response.end(`data: ${JSON.stringify({ error })}\n\n`);
  else json(response, error.code, { error });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
