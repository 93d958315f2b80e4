import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../domain/errors';
import { defaultHttpSettings } from '../http/settings';
import { discoverServer, type PastedServer } from './discover';
import { fakeServers, listOf as list } from './fixtures';

const { fake, close } = fakeServers();
afterEach(close);

const context = { http: defaultHttpSettings, signal: new AbortController().signal, isInContainer: false };
const discover = (server: PastedServer) => discoverServer(server, context);

async function faultAt(server: PastedServer, isInContainer = false): Promise<AppError> {
  const thrown = await discoverServer(server, { ...context, isInContainer }).catch((fault: unknown) => fault);
  if (!(thrown instanceof AppError)) throw new Error('It was found.');
  return thrown;
}

describe('what is wrong at an address is said in words', () => {
  it('when nothing listens there, and what that means in a container', async () => {
    const server = await fake({});
    await server.close();
    const plain = await faultAt({ url: server.url });
    expect(plain).toMatchObject({ code: 'backend-unreachable', details: { fault: 'nothing-listens' } });
    expect(plain.message).toContain(`127.0.0.1:${String(server.port)}`);
    const inside = await faultAt({ url: server.url }, true);
    expect(inside.message).toContain('host.docker.internal');
  });

  it('when the name is not known', async () => {
    const fault = await faultAt({ url: 'http://no-such-server.invalid:8000' });
    expect(fault).toMatchObject({ code: 'backend-unreachable', details: { fault: 'no-name' } });
  });

  it('when it speaks no TLS', async () => {
    const server = await fake({});
    const fault = await faultAt({ url: server.url.replace('http:', 'https:') });
    expect(fault).toMatchObject({ code: 'backend-unreachable', details: { fault: 'tls' } });
    expect(fault.message).toContain('http://');
  });

  it('when a key is missing or refused', async () => {
    const server = await fake({ 'GET /v1/models': list({ id: 'm' }) }, { key: 'right-key' });
    expect(await faultAt({ url: server.url })).toMatchObject({ details: { fault: 'key-missing' } });
    const refused = await faultAt({ url: server.url, apiKey: 'wrong-key' });
    expect(refused).toMatchObject({ code: 'backend-rejected', details: { fault: 'key-refused' } });
    expect(refused.message).not.toContain('wrong-key');
    expect((await discover({ url: server.url, apiKey: 'right-key' })).models).toHaveLength(1);
  });

  it('when the list is open and the key is refused all the same', async () => {
    const tgi = await fake(
      { 'GET /info': { json: { model_id: 'm', max_total_tokens: 100 } }, 'POST /tokenize': { json: [] } },
      { key: 'right-key', openPaths: ['GET /info', 'GET /v1/models'] },
    );
    expect(await faultAt({ url: tgi.url, apiKey: 'wrong-key' })).toMatchObject({
      details: { fault: 'key-refused' },
    });
    expect(await discover({ url: tgi.url, apiKey: 'right-key' })).toMatchObject({ flavour: 'tgi' });
    const llama = await fake(
      { 'GET /v1/models': list({ id: 'm.gguf', owned_by: 'llamacpp', meta: null }) },
      { key: 'right-key', openPaths: ['GET /models', 'GET /v1/models'] },
    );
    expect(await faultAt({ url: llama.url })).toMatchObject({ details: { fault: 'key-missing' } });
  });

  it('when a page is there, or an error page of a proxy', async () => {
    const html = { headers: { 'content-type': 'text/html' }, text: '<html><title>secret place</title>' };
    const page = await fake({}, { otherwise: html });
    const fault = await faultAt({ url: page.url });
    expect(fault).toMatchObject({ code: 'backend-protocol', details: { fault: 'page' } });
    expect(JSON.stringify([fault.message, fault.details])).not.toContain('secret place');
    const proxy = await fake({}, { otherwise: { ...html, status: 502 } });
    expect(await faultAt({ url: proxy.url })).toMatchObject({
      details: { fault: 'server-fault', status: 502 },
    });
    const loading = await fake(
      {},
      { otherwise: { status: 503, json: { error: { message: 'Loading model' } } } },
    );
    expect(await faultAt({ url: loading.url })).toMatchObject({ details: { fault: 'busy' } });
    const nothing = await fake({});
    expect(await faultAt({ url: nothing.url })).toMatchObject({ details: { fault: 'no-api' } });
  });

  it('when it leads elsewhere, where nobody follows', async () => {
    const target = await fake({ 'GET /v1/models': list({ id: 'm' }) });
    const headers = { location: `${target.url}/v1/models?key=1` };
    const server = await fake({}, { otherwise: { status: 302, headers } });
    const fault = await faultAt({ url: server.url });
    expect(fault).toMatchObject({ code: 'backend-rejected', details: { fault: 'redirect' } });
    expect(fault.message).toContain(`${target.url}/v1/models.`);
    expect(target.asked).toEqual([]);
  });

  it('when it is busy, or something else than was asked for', async () => {
    const busy = await fake({}, { otherwise: { status: 429, headers: { 'retry-after': '60' }, json: {} } });
    expect(await faultAt({ url: busy.url })).toMatchObject({
      code: 'rate-limited',
      details: { fault: 'busy' },
    });
    const server = await fake({ 'GET /v1/models': list({ id: 'm' }) });
    expect(await faultAt({ url: server.url, type: 'tgi' })).toMatchObject({
      details: { fault: 'other-server' },
    });
  });

  it('ends when nobody waits any more', async () => {
    const server = await fake({ 'GET /v1/models': list({ id: 'm' }) });
    const aborted = { ...context, signal: AbortSignal.abort() };
    await expect(discoverServer({ url: server.url }, aborted)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
