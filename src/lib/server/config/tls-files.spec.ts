import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { readTlsFiles } from './tls-files';

const folder = mkdtempSync(join(tmpdir(), 'parlance-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const certificate = rootCertificates[0] ?? '';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = { type: 'pkcs8', format: 'pem' } as const;
put('ca.pem', certificate);
put('other.key', privateKey.export(pem) as string);
put('locked.key', privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'open' }) as string);
put('nonsense.pem', 'no certificate');

function read(source: Record<string, string>) {
  const faults: string[] = [];
  const files = readTlsFiles(source, folder, (name, fault) => faults.push(`${name} ${fault}`));
  return { files, faults };
}

it('is empty with nothing set', () => {
  expect(read({})).toEqual({ files: {}, faults: [] });
});

it('reads authorities', () => {
  const { files, faults } = read({ BACKEND_CA_FILE: 'ca.pem' });
  expect(faults).toEqual([]);
  expect(files.ca).toBe(readFileSync(join(folder, 'ca.pem'), 'utf8'));
  expect(read({ BACKEND_CA_FILE: 'nonsense.pem' }).faults).toEqual([
    'BACKEND_CA_FILE holds no certificate in PEM form',
  ]);
});

it('wants both certificate and key, and that they fit', () => {
  const [cert, key] = ['BACKEND_CLIENT_CERTIFICATE_FILE', 'BACKEND_CLIENT_KEY_FILE'];
  const together = 'must be set too: a client certificate and its key go together';
  expect(read({ BACKEND_CLIENT_KEY_FILE: 'other.key' }).faults).toEqual([`${cert} ${together}`]);
  expect(read({ BACKEND_CLIENT_CERTIFICATE_FILE: 'ca.pem' }).faults).toEqual([`${key} ${together}`]);
  expect(
    read({ BACKEND_CLIENT_CERTIFICATE_FILE: 'ca.pem', BACKEND_CLIENT_KEY_FILE: 'other.key' }).faults,
  ).toEqual([`${cert} is not the certificate of its key, in PEM form`]);
});

it('opens a key with its password alone', () => {
  const source = { BACKEND_CLIENT_CERTIFICATE_FILE: 'ca.pem', BACKEND_CLIENT_KEY_FILE: 'locked.key' };
  const locked = 'BACKEND_CLIENT_KEY_FILE is not a key in PEM form, or its password is another';
  expect(read(source).faults).toContain(locked);
  expect(read({ ...source, BACKEND_CLIENT_KEY_PASSWORD: 'open' }).faults).not.toContain(locked);
});
