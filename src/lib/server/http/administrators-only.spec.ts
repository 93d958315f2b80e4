import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestEvent } from '@sveltejs/kit';
import { pino } from 'pino';
import { expect, it } from 'vitest';

type Handler = (event: RequestEvent) => Promise<Response>;
const folder = join(import.meta.dirname, '../../../routes/api/connections');
const paths = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('+server.ts'));
const routes = await Promise.all(
  paths.map(async (path) => {
    const route = (await import(join(folder, path))) as Record<string, Handler>;
    return Object.entries(route).map(([method, handler]) => ({ method, path, handler }));
  }),
);
const verbs = routes.flat();

/** Nothing of the app is there: who is refused must not get that far. */
function eventOf(owner: string, method: string): RequestEvent {
  const url = new URL('http://chat/api/connections');
  const locals = { app: {}, owner, requestId: 'r', log: pino({ level: 'silent' }) };
  const request = new Request(url, { method });
  return { url, request, params: {}, route: { id: '/api/connections' }, locals } as unknown as RequestEvent;
}

it('knows every verb of the connections', () => {
  expect(verbs.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'DELETE [id]/+server.ts',
    'GET +server.ts',
    'PATCH [id]/+server.ts',
    'POST +server.ts',
    'POST [id]/refresh/+server.ts',
    'POST probe/+server.ts',
    'POST test/+server.ts',
  ]);
});

it.each(verbs)('$method $path is for administrators', async ({ method, handler }) => {
  for (const owner of ['', 'anon:admin', 'anon:x', 'Admin']) {
    const response = await handler(eventOf(owner, method));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
  }
  for (const owner of ['single', 'admin'])
    expect((await handler(eventOf(owner, method))).status).not.toBe(403);
});
