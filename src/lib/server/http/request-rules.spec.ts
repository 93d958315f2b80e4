import { describe, expect, it } from 'vitest';
import { requestRules, type RawRequest } from './request-rules';
import type { Env } from '../config/env';

type RulesEnv = Pick<Env, 'host' | 'allowedOrigins' | 'trustedProxies'>;
const local: RulesEnv = { host: '127.0.0.1', allowedOrigins: [], trustedProxies: [] };
const open: RulesEnv = { ...local, host: '0.0.0.0' };
const behindProxy: RulesEnv = {
  ...open,
  trustedProxies: [{ address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
};

function check(env: RulesEnv, { headers = {}, ...request }: Partial<RawRequest>) {
  return requestRules(env)({
    method: 'GET',
    remoteAddress: '192.0.2.7',
    isEncrypted: false,
    ...request,
    headers: { host: 'localhost:3000', ...headers },
  });
}

describe('the Host header', () => {
  it.each([
    'localhost',
    'LOCALHOST:3000',
    '127.0.0.1:3000',
    '127.8.9.1',
    '[::1]:3000',
    'chat.localhost',
    'localhost.',
  ])('may be %s on loopback', (host) => {
    expect(() => check(local, { headers: { host } })).not.toThrow();
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.0.2',
    '0.0.0.0',
    '[::2]',
  ])('may not be %s on loopback', (host) => {
    expect(() => check(local, { headers: { host } })).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('may be that of a listed origin on loopback, and anything elsewhere', () => {
    const env = { ...local, allowedOrigins: ['https://chat.example.com'] };
    expect(() => check(env, { headers: { host: 'chat.example.com' } })).not.toThrow();
    expect(() => check(open, { headers: { host: 'chat.example.com' } })).not.toThrow();
  });

  it.each([undefined, '', 'a b', 'a/b', 'user@host', 'a\\b', 'a?b', 'a#b', '[::1', 'host:port'])(
    'must be a host, not %s',
    (host) => {
      expect(() => check(open, { headers: { host } })).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    },
  );
});

describe('the Origin header', () => {
  const allowed = { ...open, allowedOrigins: ['https://chat.example.com'] };
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post', 'TRACE', 'X'])('is needed for %s', (method) => {
    expect(() => check(open, { method })).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => check(open, { method, headers: { origin: 'http://localhost:3000' } })).not.toThrow();
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is not looked at for %s', (method) => {
    expect(() => check(open, { method, headers: { origin: 'http://evil.example' } })).not.toThrow();
  });

  it.each([
    'null',
    '',
    'https://localhost:3000',
    'http://localhost',
    'http://localhost:3000.evil.example',
    'http://evil.example',
    'http://localhost:3001',
    'https://chat.example.com.evil.example',
    'http://chat.example.com',
  ])('may not be %s', (origin) => {
    expect(() => check(allowed, { method: 'POST', headers: { origin } })).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });

  it('may be a listed one', () => {
    expect(() =>
      check(allowed, { method: 'POST', headers: { origin: 'https://chat.example.com' } }),
    ).not.toThrow();
  });

  it('is compared without the default port', () => {
    const headers = { host: 'chat.example.com:80', origin: 'http://chat.example.com' };
    expect(() => check(open, { method: 'POST', headers })).not.toThrow();
  });
});

describe('proxy headers', () => {
  const headers = {
    host: 'inner:3000',
    'x-forwarded-host': 'Chat.Example.com:443',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.2.2.2',
  };

  it('are believed from a listed proxy; the client is the nearest that is none', () => {
    expect(check(behindProxy, { remoteAddress: '10.1.1.1', headers })).toEqual({
      protocol: 'https',
      host: 'chat.example.com',
      address: '203.0.113.9',
      isFromProxy: true,
    });
    expect(check(behindProxy, { remoteAddress: '::ffff:10.1.1.1', headers }).protocol).toBe('https');
  });

  it('are ignored from anybody else', () => {
    expect(check(behindProxy, { remoteAddress: '11.1.1.1', headers })).toEqual({
      protocol: 'http',
      host: 'inner:3000',
      address: '11.1.1.1',
      isFromProxy: false,
    });
  });

  it('may be absent', () => {
    expect(check(behindProxy, { remoteAddress: '10.1.1.1' })).toMatchObject({
      protocol: 'http',
      address: '10.1.1.1',
    });
  });

  it('know no protocol but http and https', () => {
    const forged = { ...headers, 'x-forwarded-proto': 'javascript' };
    expect(check(behindProxy, { remoteAddress: '10.1.1.1', headers: forged }).protocol).toBe('http');
  });
});

it('takes the protocol of an encrypted socket', () => {
  expect(check(open, { isEncrypted: true }).protocol).toBe('https');
});
