import { expect, it } from 'vitest';
import { Vault } from './vault';

const secrets = { apiKey: 'sk-Grüße-123', headers: { 'x-org': 'a' }, query: { 'api-version': '1' } };
const place = { id: 'one', url: 'https://api.example.com/v1' };
const vaultOf = (secret: string) => new Vault(() => Promise.resolve(secret));

it('opens what it sealed, for the same server, and seals the same never alike', async () => {
  const vault = vaultOf('secret');
  const [sealed, again] = [await vault.seal(secrets, place), await vault.seal(secrets, place)];
  expect(sealed).not.toBe(again);
  expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('sk-');
  expect(await vault.open(sealed, place)).toEqual(secrets);
  expect(await vaultOf('secret').open(sealed, { ...place, url: 'https://api.example.com/v2' })).toEqual(
    secrets,
  );
});

it('does not open for another instance, connection or server, nor what was changed', async () => {
  const vault = vaultOf('secret');
  const sealed = await vault.seal(secrets, place);
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  expect(await vaultOf('other').open(sealed, place)).toBeUndefined();
  expect(await vault.open(sealed, { ...place, id: 'two' })).toBeUndefined();
  expect(await vault.open(sealed, { ...place, url: 'https://evil.example/v1' })).toBeUndefined();
  for (const at of [0, 12, 28, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await vault.open(`v1.${changed.toString('base64url')}`, place)).toBeUndefined();
  }
  for (const text of ['', 'v1.', 'v1.AAAA', 'v2' + sealed.slice(2), sealed.slice(0, -4)]) {
    expect(await vault.open(text, place)).toBeUndefined();
  }
});

it('asks for a secret that could not be read again', async () => {
  let isThere = false;
  const vault = new Vault(() => (isThere ? Promise.resolve('secret') : Promise.reject(new Error('not now'))));
  await expect(vault.seal(secrets, place)).rejects.toThrow('not now');
  isThere = true;
  expect(await vault.open(await vault.seal(secrets, place), place)).toEqual(secrets);
});
