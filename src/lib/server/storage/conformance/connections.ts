import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../domain/connection';
import { withStorage, type OpenStorage } from './with-storage';

export function describeConnections(open: OpenStorage): void {
  const use = withStorage(open);

  describe('connections', () => {
    it('come back as they were put, the oldest first', () =>
      use(async ({ connections }) => {
        expect(await connections.list()).toEqual([]);
        const late = makeConnection({ createdAt: new Date(2000), name: 'Büro "GPU"\0', choice: ['m'] });
        const early = makeConnection({ createdAt: new Date(1000), sealed: 'v1.abc' });
        await connections.put(late);
        await connections.put(early);
        expect(await connections.list()).toEqual([early, late]);
      }));

    it('are replaced by what has the same id', () =>
      use(async ({ connections }) => {
        const first = makeConnection({ sealed: 'v1.abc', name: 'before' });
        const other = makeConnection({ createdAt: new Date(5000) });
        await Promise.all([connections.put(first), connections.put(other)]);
        const { sealed: _, ...unsealed } = first;
        const changed: Connection = { ...unsealed, name: 'after', models: [] };
        await connections.put(changed);
        await connections.put(changed);
        expect(await connections.list()).toEqual([changed, other]);
      }));

    it('are gone once they are deleted, and nothing else is', () =>
      use(async ({ connections }) => {
        const [one, other] = [makeConnection(), makeConnection({ createdAt: new Date(5000) })];
        await Promise.all([connections.put(one), connections.put(other)]);
        expect(await connections.delete(one.id)).toBe(true);
        expect(await connections.delete(one.id)).toBe(false);
        expect(await connections.list()).toEqual([other]);
      }));
  });
}

function makeConnection(changes: Partial<Connection> = {}): Connection {
  return {
    id: randomUUID(),
    name: 'Ollama',
    prefix: 'ollama',
    url: 'http://127.0.0.1:11434',
    backend: 'ollama',
    flavour: 'ollama',
    choice: 'all',
    models: [{ id: 'llama3:latest', contextLength: 8192, capabilities: { tools: true } }],
    createdAt: new Date(1000),
    ...changes,
  };
}
