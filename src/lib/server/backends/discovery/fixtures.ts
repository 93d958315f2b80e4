import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake answers at a path: JSON with 200, or what is said here. */
export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
}

/** `GET /v1/models` and the like, with what comes back; what is not there is a 404 in JSON. */
export type FakePlan = Record<string, FakeAnswer | ((body: unknown) => FakeAnswer)>;

export interface FakeServer {
  url: string;
  port: number;
  /** `METHOD path` with what `Authorization` said. */
  asked: { what: string; key: string | undefined }[];
  close(): Promise<void>;
}

export interface FakeOptions {
  /** Everything but `openPaths` wants `Bearer <key>`. */
  key?: string;
  openPaths?: string[];
  /** What is said where nothing is. */
  otherwise?: FakeAnswer;
}

/** As most servers say which models they have. */
export function listOf(...data: object[]): FakeAnswer {
  return { json: { object: 'list', data } };
}

/** Starts fakes, and closes them together at the end of a test. */
export function fakeServers() {
  const open: FakeServer[] = [];
  return {
    fake: async (plan: FakePlan, options?: FakeOptions): Promise<FakeServer> => {
      const server = await startFake(plan, options);
      open.push(server);
      return server;
    },
    close: async () => {
      await Promise.all(open.splice(0).map((server) => server.close()));
    },
  };
}

/** A server on a free port that answers as planned. */
async function startFake(plan: FakePlan, options: FakeOptions = {}): Promise<FakeServer> {
  const asked: FakeServer['asked'] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const what = `${request.method ?? ''} ${new URL(request.url ?? '', 'http://x').pathname}`;
      const key = request.headers.authorization;
      asked.push({ what, key });
      const answer = answerTo(plan, options, what, key, body);
      const { status = 200, json, text = json === undefined ? '' : JSON.stringify(json) } = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...answer.headers }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${String(port)}`, port, asked, close };
}

function answerTo(
  plan: FakePlan,
  { key: wanted, openPaths = [], otherwise }: FakeOptions,
  what: string,
  key: string | undefined,
  body: unknown,
): FakeAnswer {
  if (wanted !== undefined && key !== `Bearer ${wanted}` && !openPaths.includes(what)) return { status: 401 };
  const planned = plan[what];
  const answer = typeof planned === 'function' ? planned(body) : planned;
  return answer ?? otherwise ?? { status: 404, json: { detail: 'Not Found' } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}
