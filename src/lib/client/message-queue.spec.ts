import { beforeEach, expect, it } from 'vitest';
import type { MessageStatus } from '../domain/message';
import type { FilePart } from '../domain/parts';
import { MessageQueue, type QueueHost } from './message-queue.svelte';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    },
  });
});

class Host implements QueueHost {
  readonly id = 'c1';
  isRunning = true;
  status: MessageStatus = 'running';
  accepts = true;
  sent: string[][] = [];
  images: FilePart[][] = [];
  get path() {
    return [{ role: 'assistant', status: this.status }];
  }
  send = (texts: string[], images: FilePart[]) => {
    if (this.accepts) this.sent.push(texts);
    if (this.accepts) this.images.push(images);
    return Promise.resolve(this.accepts);
  };
  end(status: MessageStatus): void {
    this.isRunning = false;
    this.status = status;
  }
}

function queueOf(...texts: string[]): { host: Host; queue: MessageQueue } {
  const host = new Host();
  const queue = new MessageQueue(host);
  for (const text of texts) queue.add([text]);
  return { host, queue };
}

/** Begins to change the first one, and ends it with a text when one is given. */
function edit(queue: MessageQueue, text?: string): void {
  const [first] = queue.items;
  if (first) queue.edit(first);
  if (text === undefined || !queue.edited) return;
  queue.edited.text = text;
  queue.saveEdit();
}

it('waits for the answer before it, then goes in order, one an answer', async () => {
  const { host, queue } = queueOf('one', 'two');
  await queue.sendNext();
  expect(host.sent).toEqual([]);
  host.end('complete');
  expect(queue.isReady).toBe(true);
  await queue.sendNext();
  expect(host.sent).toEqual([['one']]);
  expect(queue.items.map(({ texts }) => texts)).toEqual([['two']]);
});

it.each(['stopped', 'failed', 'interrupted'] as const)(
  'is held after an answer that was %s',
  async (status) => {
    const { host, queue } = queueOf('one');
    host.end(status);
    expect(queue.isHeld).toBe(true);
    expect(queue.isReady).toBe(false);
    queue.release();
    await queue.sendNext();
    expect(host.sent).toEqual([['one']]);
  },
);

it('keeps a message that is refused, and does not try it again by itself', async () => {
  const { host, queue } = queueOf('one');
  host.end('complete');
  host.accepts = false;
  await queue.sendNext();
  expect(queue.items.map(({ texts }) => texts)).toEqual([['one']]);
  expect(queue.isReady).toBe(false);
  host.accepts = true;
  queue.release();
  await queue.sendNext();
  expect(host.sent).toEqual([['one']]);
});

it('does not send what is being changed, and sends what it was changed to', async () => {
  const { host, queue } = queueOf('one');
  edit(queue);
  host.end('complete');
  expect(queue.isReady).toBe(false);
  edit(queue, 'better');
  await queue.sendNext();
  expect(host.sent).toEqual([['better']]);
});

it('is emptied by changing a message to nothing, and by taking it out', () => {
  const { queue } = queueOf('one', 'two');
  edit(queue, '');
  queue.remove(queue.items[0]?.id ?? '');
  expect(queue.items).toEqual([]);
  expect(kept.size).toBe(0);
});

it('survives a reload, and takes nothing else that lies in its place', () => {
  const { queue } = queueOf('one');
  expect(new MessageQueue(new Host()).items).toEqual(queue.items);
  for (const other of ['no JSON', '{}', '[1, {"id": 1}, {"id": "a", "texts": [2]}]']) {
    kept.set('parlance:queue:c1', other);
    expect(new MessageQueue(new Host()).items).toEqual([]);
  }
});

it('is one in all tabs: what several of them show is sent by one', async () => {
  const { host, queue } = queueOf('one', 'two');
  const elsewhere = new MessageQueue(host);
  host.end('complete');
  await Promise.all([queue.sendNext(), elsewhere.sendNext()]);
  expect(host.sent).toEqual([['one'], ['two']]);
  queue.add(['three']);
  elsewhere.add(['four']);
  queue.sync();
  expect(queue.items.map(({ texts }) => texts)).toEqual([['three'], ['four']]);
  // What is being changed in one when another sends it is not lost there.
  edit(elsewhere);
  await queue.sendNext();
  elsewhere.sync();
  expect(elsewhere.edited?.text).toBe('three');
  elsewhere.cancelEdit();
  expect(elsewhere.items.map(({ texts }) => texts)).toEqual([['four']]);
});

it('goes on where the browser keeps nothing', async () => {
  Object.assign(globalThis, { localStorage: undefined });
  const { host, queue } = queueOf('one');
  host.end('complete');
  await queue.sendNext();
  expect(host.sent).toEqual([['one']]);
});

it('keeps images through a reload and through a change of the text, and goes without a text', async () => {
  const image: FilePart = { type: 'file', fileId: 'f', name: 'a.png', mime: 'image/png', width: 3 };
  const { host, queue } = queueOf();
  queue.add(['look'], [image]);
  const reloaded = new MessageQueue(host);
  expect(reloaded.items).toEqual(queue.items);
  edit(reloaded, '');
  expect(reloaded.items).toMatchObject([{ texts: [], images: [image] }]);
  host.end('complete');
  await reloaded.sendNext();
  expect([host.sent, host.images]).toEqual([[[]], [[image]]]);
  kept.set(
    'parlance:queue:c1',
    JSON.stringify([
      { id: '1', texts: ['old'] },
      { id: '2', texts: [], images: [3] },
    ]),
  );
  expect(new MessageQueue(host).items).toEqual([{ id: '1', texts: ['old'], images: [] }]);
});
