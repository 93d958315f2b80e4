import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors';
import { fakeServer, type FakeReply, type FakeServer } from './__fixtures__/fake-server';
import { linesBackend } from './__fixtures__/lines.backend';
import type { GenerateInput } from './backend';
import { collect } from './conformance';
import { secretsOf, withoutSecrets } from './http/secrets';
import { defaultHttpSettings } from './http/settings';
import { backendConfigSchema, createBackend } from './index';
import { redactedFault } from './redacted-fault';

const keys = {
  apiKey: 'correct horse battery staple',
  header: 'Zebra/stripe "9"',
  query: 'query+value&of=mine',
  password: 'opens-the-certificate',
};
/** None of them has the shape of a usual key. */
const said = [
  `Wrong key ${keys.apiKey}, or ${encodeURIComponent(keys.apiKey)}.`,
  `You sent X-Key ${keys.header} and ${keys.query}; ${keys.password}!`,
  // Where the log cuts it off is in the middle of a key.
  'x'.repeat(1000 - 150 - keys.apiKey.length),
].join(' ');
const http = {
  ...defaultHttpSettings,
  clientCertificate: { certificate: '', key: '', password: keys.password },
};
const [chat, prompt]: GenerateInput[] = [
  { kind: 'messages', messages: [{ role: 'user', content: 'Hello' }] },
  { kind: 'prompt', prompt: 'Hello' },
];

const stream = (...events: string[]): FakeReply => ({
  headers: { 'content-type': 'text/event-stream' },
  body: events.map((event) => `data: ${event}\n\n`),
});
const openaiToken = JSON.stringify({ choices: [{ index: 0, delta: { content: 'Well' } }] });
const openaiError = JSON.stringify({ error: { message: said, code: 500 } });

let server: FakeServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Everything that a log may say of a fault. */
function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return `${thrown.message} ${String(thrown.stack)} ${JSON.stringify(thrown)} ${wordsOf(thrown.cause)}`;
}

async function faultOf(type: string, paths: Record<string, FakeReply>, input: GenerateInput | undefined) {
  server = await fakeServer(paths);
  const config = {
    ...{ type, url: server.url, apiKey: keys.apiKey, model: 'm' },
    ...{ headers: { 'x-key': keys.header }, query: { q: keys.query } },
  };
  const { model: _, ...unnamed } = config;
  const named = type === 'tgi' || type === 'lines' ? unnamed : config;
  const backend =
    type === 'lines'
      ? linesBackend.create({ ...unnamed, type }, { http })
      : createBackend(backendConfigSchema.parse(named), { http });
  try {
    const request = { ...(input ?? prompt), parameters: {}, signal: new AbortController().signal };
    return await collect(backend.generate(request as Parameters<typeof backend.generate>[0])).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  } finally {
    await backend.close();
  }
}

describe('a key that a server repeats', () => {
  const page = { headers: { 'content-type': 'text/html' }, body: `<p>${said}</p>` };
  const cases: [string, string, Record<string, FakeReply>, GenerateInput | undefined][] = [
    ['openai, in the stream', 'openai', { '/v1/chat/completions': stream(openaiToken, openaiError) }, chat],
    [
      'openai, as JSON',
      'openai',
      { '/v1/chat/completions': { headers: { 'content-type': 'application/json' }, body: openaiError } },
      chat,
    ],
    ['openai, on a page', 'openai', { '/v1/chat/completions': page }, chat],
    ['openai, in what cannot be read', 'openai', { '/v1/chat/completions': stream(`${keys.apiKey}{`) }, chat],
    [
      'tgi, in the stream',
      'tgi',
      { '/generate_stream': stream(JSON.stringify({ error: said, error_type: 'generation' })) },
      prompt,
    ],
    ['ollama, in a line', 'ollama', { '/api/chat': { body: `${JSON.stringify({ error: said })}\n` } }, chat],
    [
      'inference-client, in the stream',
      'inference-client',
      { '/v1/chat/completions': stream(openaiError), '/chat/completions': stream(openaiError) },
      chat,
    ],
    ['a driver of one’s own', 'lines', { '/write': { status: 418, body: said } }, prompt],
  ];
  it.each(cases)('is in no fault: %s', async (_, type, paths, input) => {
    const withQuery = Object.entries(paths).map(([path, reply]) => [
      `${path}?${new URLSearchParams({ q: keys.query }).toString()}`,
      reply,
    ]);
    const thrown = await faultOf(
      type,
      { ...paths, ...(Object.fromEntries(withQuery) as typeof paths) },
      input,
    );
    expect(thrown).toBeInstanceOf(AppError);
    const words = wordsOf(thrown);
    for (const key of Object.values(keys)) {
      expect(words).not.toContain(key);
      expect(words).not.toContain(encodeURIComponent(key));
    }
    expect(words).not.toMatch(/correct ho|Zebra/u);
  });
});

describe('redactedFault', () => {
  const redact = (text: string) => text.replaceAll('secret', '[key]');

  it('leaves a fault without keys as it is', () => {
    const fault = new AppError('backend-rejected', 'No.', { cause: new Error('why') });
    expect(redactedFault(fault, redact)).toBe(fault);
    expect(redactedFault(undefined, redact)).toBe(undefined);
  });

  it('goes down the causes, and keeps all else', () => {
    const root = Object.assign(new Error('the secret'), { code: 'ECONNRESET' });
    const fault = new AppError('rate-limited', 'Wait.', {
      cause: new Error('because', { cause: root }),
      details: { retryAfterSeconds: 3 },
    });
    const clean = redactedFault(fault, redact);
    expect(wordsOf(clean)).not.toContain('secret');
    expect(clean).toMatchObject({
      ...{ name: 'AppError', code: 'rate-limited', retryable: true, message: 'Wait.' },
      details: { retryAfterSeconds: 3 },
      cause: { message: 'because', cause: { message: 'the [key]', code: 'ECONNRESET' } },
    });
  });

  it('goes through what belongs to a fault besides its texts', () => {
    const [plain, said] = [new Error('plain'), { body: { texts: ['a secret', 1] } }];
    const faults = [
      new AppError('rate-limited', 'Wait.', { details: { remedy: 'Try secret again.', status: 429 } }),
      Object.assign(new Error('why'), said),
      new Error('why', { cause: said }),
      new AggregateError([plain, new Error('why', { cause: 'a secret' })], 'All failed.'),
    ];
    const clean = faults.map((fault) => redactedFault(fault, redact));
    const hidden = { body: { texts: ['a [key]', 1] } };
    expect(clean).toMatchObject([
      { code: 'rate-limited', message: 'Wait.', details: { remedy: 'Try [key] again.', status: 429 } },
      { message: 'why', ...hidden },
      { message: 'why', cause: hidden },
      { message: 'All failed.', errors: [{ message: 'plain' }, { message: 'why', cause: 'a [key]' }] },
    ]);
    expect(clean[0]).toBeInstanceOf(AppError);
    expect(clean[3]).toBeInstanceOf(AggregateError);
    expect((clean[3] as AggregateError).errors[0]).toBe(plain);
    const same = new AggregateError([plain], 'All failed.');
    expect(redactedFault(same, redact)).toBe(same);
  });
});

describe('secretsOf', () => {
  it('knows a password of an address in each way it is sent', () => {
    const url = 'https://me:pass%21word@host/v1?token=in-the-address';
    const secrets = secretsOf([{ url }]);
    const basic = Buffer.from('me:pass!word').toString('base64');
    const text = `Basic ${basic} pass!word pass%21word in-the-address`;
    expect(withoutSecrets(text, secrets)).toBe('Basic [key] [key] [key] [key]');
  });

  it('leaves short words alone, and takes what the end of a text cuts off', () => {
    const secrets = secretsOf([{ apiKey: 'abcdefghij', headers: { a: 'no' } }]);
    expect(withoutSecrets('no abcde', secrets)).toBe('no abcde');
    expect(withoutSecrets('no abcdefg', secrets)).toBe('no [key]');
  });
});
