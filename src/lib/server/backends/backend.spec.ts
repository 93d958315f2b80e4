import { describe, expect, it } from 'vitest';
import { untilAborted, type BackendEvent } from './backend';

const finish: BackendEvent = { type: 'finish', reason: 'stop' };
const around = { redact: (text: string) => text, onFault: (thrown: unknown) => thrown };

/** Asks a server, and remembers that. */
async function* answer(asked: string[]): AsyncGenerator<BackendEvent> {
  asked.push('server');
  yield await Promise.resolve(finish);
}

describe('events until an abort', () => {
  it('asks nobody for an answer that nobody waits for any more', async () => {
    const asked: string[] = [];
    const events = untilAborted(AbortSignal.abort(), answer(asked), around);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(asked).toEqual([]);
  });

  it('asks for one that somebody waits for', async () => {
    const asked: string[] = [];
    const events = untilAborted(new AbortController().signal, answer(asked), around);
    expect(await events.next()).toEqual({ done: false, value: finish });
    expect(asked).toEqual(['server']);
  });
});
