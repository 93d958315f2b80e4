import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest, Transport } from '../http/transport';
import type { OpenaiConfig } from './config';
import { ServerCheck } from './server-check';

/** Answers each request when it is told to. */
function held(status = 200, body = '{"data":[{"id":"x/y","context_length":100}]}') {
  const asked: HttpRequest[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const transport: Transport = {
    async send(request): Promise<HttpReply> {
      asked.push(request);
      await released;
      return {
        status,
        headers: {},
        chunks: () => (async function* () {})(),
        text: () => Promise.resolve(body),
        close: () => undefined,
      };
    },
    redact: (text) => text,
    close: () => Promise.resolve(),
  };
  return { asked, release: () => release(), transport };
}

const hosted: OpenaiConfig = {
  type: 'openai',
  url: 'https://openrouter.ai/api/v1',
  flavour: 'openrouter',
  model: 'x/y',
};

describe('what is known of a server', () => {
  it('is not waited for where the entry says all, and asked for nevertheless', async () => {
    const { asked, release, transport } = held();
    const check = new ServerCheck(hosted, transport);
    expect(await check.ready()).toMatchObject({ flavour: 'openrouter', model: 'x/y' });
    expect(check.state()).toEqual({ state: 'ready' });
    expect(asked.map(({ path }) => path)).toEqual(['/models']);
    release();
    await expect.poll(() => check.probe?.facts.contextLength).toBe(100);
  });

  it('is waited for elsewhere, with one round of questions for all who wait', async () => {
    const { asked, release, transport } = held();
    const check = new ServerCheck({ type: 'openai', url: 'http://127.0.0.1:9/v1' }, transport);
    const both = Promise.all([check.ready(), check.ready()]);
    expect(check.state()).toEqual({ state: 'loading' });
    release();
    expect((await both).map(({ model }) => model)).toEqual(['x/y', 'x/y']);
    expect(asked.filter(({ path }) => path === '/models')).toHaveLength(1);
  });

  it('includes a key that is refused, also where nobody waited', async () => {
    const { release, transport } = held(401, '');
    const check = new ServerCheck(hosted, transport);
    await check.ready();
    release();
    await expect.poll(() => check.state().state).toBe('unavailable');
    await expect(check.ready()).rejects.toMatchObject({ code: 'backend-rejected' });
  });
});
