import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programPath } from '../../programs';
import { describeStorage } from '../conformance';
import { faultOf } from '../conformance/with-storage';
import { makeConversation } from '../fixtures';
import { openStorage } from '../index';
import { openEmbeddedStorage } from './embedded-storage';

const workerPath = programPath('storage-worker');
const root = mkdtempSync(join(tmpdir(), 'parlance-storage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describeStorage('embedded', () => openStorage({ memory: true, workerPath }));

describe('calls that travel together', () => {
  it('fail alone, in whatever order they come', async () => {
    const { conversations, close } = await openStorage({ memory: true, workerPath });
    const made = makeConversation();
    const outcomes = await Promise.allSettled([
      conversations.get('ann', made.id),
      conversations.create('ann', made),
      conversations.create('bob', made),
      conversations.update('ann', made.id, { leafId: 'none' }),
      conversations.update('ann', made.id, { title: 'kept' }),
      conversations.get('ann', made.id),
    ]);
    expect(outcomes).toMatchObject([
      { reason: { code: 'not-found' } },
      { value: { id: made.id } },
      { reason: { code: 'conflict' } },
      { reason: { code: 'invalid-input' } },
      { value: { title: 'kept' } },
      { value: { title: 'kept' } },
    ]);
    await close();
  });

  it('are all refused when one of them cannot be sent, and later ones work', async () => {
    const { conversations, close } = await openStorage({ memory: true, workerPath });
    const unsendable = makeConversation({ settings: { systemPrompt: (() => 1) as unknown as string } });
    const together = [conversations.create('ann', unsendable), conversations.get('ann', 'id')];
    for (const call of together.map(faultOf)) expect(await call).toBe('internal');
    expect(await faultOf(conversations.get('ann', 'id'))).toBe('not-found');
    await close();
  });

  it('keep what SQLite said for the log and tell only that storage failed', async () => {
    const { conversations, close } = await openStorage({ memory: true, workerPath });
    const broken = makeConversation({ createdAt: new Date(Number.NaN) });
    await expect(conversations.create('ann', broken)).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: 'The database cannot be used at the moment.',
      cause: expect.stringContaining('NOT NULL') as unknown,
    });
    expect(await faultOf(conversations.get('ann', broken.id))).toBe('not-found');
    await close();
  });
});

describe('the worker', () => {
  const fake = (program: string) => new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const opens = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ type: 'open' });`;

  it.each([
    ['exits', `${opens} parentPort.on('message', () => process.exit(1));`],
    ['throws', `${opens} parentPort.on('message', () => { throw new Error('out of order'); });`],
  ])('%s: what waits and what comes later is refused, and it can be closed', async (_, program) => {
    const storage = await openEmbeddedStorage({ file: ':memory:', workerPath: fake(program) });
    const waiting = [storage.processes.beat('one'), storage.conversations.get('ann', 'id')];
    for (const call of waiting.map(faultOf)) expect(await call).toBe('storage-unavailable');
    expect(await faultOf(storage.processes.list())).toBe('storage-unavailable');
    await storage.close();
  });

  it.each([
    ['exits', ''],
    ['throws', 'throw new Error()'],
  ])('%s before it is open: that is said', async (_, program) => {
    const opening = openEmbeddedStorage({ file: ':memory:', workerPath: fake(program) });
    expect(await faultOf(opening)).toBe('storage-unavailable');
  });
});
