import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsFiles } from '../__fixtures__/tls-files';
import { createTransport } from './http-transport';
import { defaultHttpSettings, type HttpSettings } from './settings';

let server: Server;
let url: string;
beforeAll(async () => {
  const { ca, server: own } = tlsFiles;
  server = createServer({ ...own, ca, requestCert: true, rejectUnauthorized: true }, (_, response) => {
    response.end('fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function ask(settings: Partial<HttpSettings>): Promise<string> {
  const transport = createTransport({ url }, { http: { ...defaultHttpSettings, ...settings } });
  try {
    const reply = await transport.send({ method: 'GET', path: '/', signal: new AbortController().signal });
    return await reply.text();
  } finally {
    await transport.close();
  }
}

describe('a server with certificates of its own', () => {
  const { ca, client: clientCertificate } = tlsFiles;

  it('is believed when its authority is, and gets the certificate that it asks for', async () => {
    expect(await ask({ ca, clientCertificate })).toBe('fine');
  });

  it('is not believed otherwise, and refuses whoever shows none', async () => {
    const unsafe = expect.stringContaining('certificate') as unknown;
    await expect(ask({ clientCertificate })).rejects.toMatchObject({
      code: 'backend-unreachable',
      message: unsafe,
    });
    await expect(ask({ ca })).rejects.toMatchObject({ code: 'backend-unreachable' });
  });
});
