import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model that is loaded for ever. */
export const silentModel = 'org/large-chat';

/** A small server that speaks as OpenAI does, for journeys that connect one. */
export class FakeModelServer {
  /** What came in: method, path, and what `Authorization` said. */
  readonly asked: { what: string; key: string | undefined }[] = [];
  /** Requests to the model that never answers whose client has gone. */
  left = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  private constructor(
    private readonly key: string,
    private readonly models: object[],
  ) {}

  /** On a free port; everything wants `Bearer <key>`. */
  static async start(key: string, models: object[]): Promise<FakeModelServer> {
    const fake = new FakeModelServer(key, models);
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get host(): string {
    return `127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const what = `${request.method ?? ''} ${request.url ?? ''}`;
    const key = request.headers.authorization;
    this.asked.push({ what, key });
    if (key !== `Bearer ${this.key}`)
      return json(response, 401, { error: { message: `no such key: ${String(key)}` } });
    if (what === 'GET /v1/models') return json(response, 200, { object: 'list', data: this.models });
    if (what !== 'POST /v1/chat/completions') return json(response, 404, { error: { message: 'not here' } });
    const { model, messages } = JSON.parse(text) as { model: string; messages: { content: unknown }[] };
    if (model === silentModel) return void response.once('close', () => (this.left += 1));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const words = [`I am ${model}.`, ' You said:', ` ${JSON.stringify(messages.at(-1)?.content)}`];
    const chunk = (choice: object) =>
      response.write(
        `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model, choices: [{ index: 0, ...choice }] })}\n\n`,
      );
    for (const content of words) {
      chunk({ delta: { content }, finish_reason: null });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    chunk({ delta: {}, finish_reason: 'stop' });
    response.end('data: [DONE]\n\n');
  }
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
