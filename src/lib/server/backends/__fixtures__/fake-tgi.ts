import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  typeFault,
  usualFakeLimits,
  validationFault,
  type FakeTgiLimits,
  type FakeTgiParameters,
} from './fake-tgi-validation';
import { fakeTokens } from './fake-tgi-tokens';
import { answerWhole, streamAnswer, type FakeAnswer } from './fake-tgi-answers';

export interface FakeTgiOptions {
  /** `old`: as up to version 2.0.4; `new`: as 3.3. */
  dialect?: 'old' | 'new';
  limits?: Partial<FakeTgiLimits>;
  apiKey?: string;
  pipelineTag?: string | null;
  /** Bytes of the largest request. */
  payloadLimit?: number;
  /** Only `POST /`, as behind some gateways. */
  onlyRoot?: boolean;
  answer?: FakeAnswer;
  /** The model has a chat template. */
  chats?: boolean;
}

export interface FakeTgiRequest {
  path: string;
  headers: IncomingMessage['headers'];
  inputs: string;
  parameters: FakeTgiParameters;
  /** Resolves with the number of tokens that were written when the client went away, or with `undefined` at the end. */
  gone: Promise<number | undefined>;
}

const statuses: Record<string, number> = {
  validation: 422,
  generation: 424,
  overloaded: 429,
  incomplete_generation: 500,
};

/** A Text Generation Inference that writes a given text, as strict about requests and as particular about bytes as the real one. */
export class FakeTgi {
  readonly requests: FakeTgiRequest[] = [];
  private readonly server: Server;
  private readonly limits: FakeTgiLimits;
  url = '';

  constructor(readonly options: FakeTgiOptions = {}) {
    this.limits = { ...usualFakeLimits, ...options.limits };
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (request.method === 'GET') {
      this.get(path, response);
      return;
    }
    const text = await bodyOf(request);
    if (path === '/chat_tokenize' && this.options.dialect !== 'old' && !this.options.onlyRoot) {
      this.chat(JSON.parse(text), response);
      return;
    }
    const routes = this.options.onlyRoot ? ['/'] : ['/', '/generate', '/generate_stream', '/tokenize'];
    if (!routes.includes(path)) response.writeHead(404).end();
    else if (this.options.apiKey && request.headers.authorization !== `Bearer ${this.options.apiKey}`)
      response.writeHead(401).end();
    else if (Buffer.byteLength(text) > (this.options.payloadLimit ?? 2_000_000))
      plain(response, 413, 'length limit exceeded');
    else if (!request.headers['content-type']?.startsWith('application/json'))
      plain(response, 415, 'Expected request with `Content-Type: application/json`');
    else await this.post(path, JSON.parse(text), { request, response });
  }

  private get(path: string, response: ServerResponse): void {
    if (path === '/health') response.writeHead(200).end();
    else if (path === '/info' && !this.options.onlyRoot) json(response, 200, this.info());
    else response.writeHead(404).end();
  }

  /** Open to all, as in the real one. */
  private chat(body: unknown, response: ServerResponse): void {
    const { messages } = body as { messages: { role: string; content: string }[] };
    if (!this.options.chats || messages[0]?.role === 'assistant') {
      const why = this.options.chats ? 'Conversation roles must alternate' : 'template not found';
      json(response, 422, { error: `Template error: ${why}`, error_type: 'template_error' });
      return;
    }
    const turns = messages.map(({ role, content }) => `<|im_start|>${role} ${content}<|im_end|>`);
    const templated_text = `<s>${turns.join('')}<|im_start|>assistant`;
    json(response, 200, { tokenize_response: fakeTokens(templated_text), templated_text });
  }

  private info(): object {
    const { dialect = 'new', pipelineTag = 'text-generation' } = this.options;
    const { maxBestOf, maxStopSequences, maxInputTokens, maxTotalTokens } = this.limits;
    const common = {
      model_id: 'org/small',
      model_sha: null,
      model_pipeline_tag: pipelineTag,
      max_concurrent_requests: 128,
      max_best_of: maxBestOf,
      max_stop_sequences: maxStopSequences,
      max_total_tokens: maxTotalTokens,
      validation_workers: 2,
    };
    return dialect === 'old'
      ? { ...common, model_dtype: 'torch.float16', max_input_length: maxInputTokens, version: '2.0.4' }
      : {
          ...common,
          max_input_tokens: maxInputTokens,
          router: 'text-generation-router',
          version: '3.3.6-dev0',
        };
  }

  private async post(
    path: string,
    body: unknown,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    const wrong = typeFault(body);
    if (wrong !== undefined) {
      plain(response, 422, wrong);
      return;
    }
    const {
      inputs,
      parameters = {},
      stream,
    } = body as {
      inputs: string;
      parameters?: FakeTgiParameters;
      stream?: boolean;
    };
    const tokens = fakeTokens(inputs);
    if (path === '/tokenize') {
      json(response, 200, tokens);
      return;
    }
    const streams = path === '/generate_stream' || (path === '/' && stream === true);
    let written = 0;
    const gone = new Promise<number | undefined>((resolve) => {
      response.on('close', () => resolve(response.writableFinished ? undefined : written));
    });
    this.requests.push({ path, headers: request.headers, inputs, parameters, gone });
    const fault = this.faultOf(inputs, parameters, { streams, tokens: tokens.length });
    const task = {
      answer: this.options.answer ?? {},
      isOld: this.options.dialect === 'old',
      parameters,
      inputs,
      inputLength: Math.min(tokens.length, parameters.truncate ?? Infinity),
      onToken: () => (written += 1),
    };
    if (streams) await streamAnswer(response, task, fault);
    else if (fault) json(response, statuses[fault.error_type] ?? 500, fault);
    else {
      const whole = answerWhole(task);
      const headers = { 'x-prompt-tokens': String(task.inputLength), 'x-generated-tokens': '3' };
      json(response, 200, path === '/' ? [whole] : whole, headers);
    }
  }

  private faultOf(
    inputs: string,
    parameters: FakeTgiParameters,
    { streams, tokens }: { streams: boolean; tokens: number },
  ): { error: string; error_type: string } | undefined {
    const refusal = validationFault(inputs, parameters, { limits: this.limits, streams, tokens });
    if (refusal !== undefined)
      return { error: `Input validation error: ${refusal}`, error_type: 'validation' };
    const { fault } = this.options.answer ?? {};
    return fault && (fault.afterTokens === 0 || !streams)
      ? { error: fault.error, error_type: fault.type }
      : undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
