import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../domain/errors';
import { bundledModelId, dateNormaliserId } from '../../models/found-models';
import { programPath, projectRoot } from '../../programs';
import { EngineProcess, type EngineOptions } from './engine-process';
import type { EngineEvent } from './protocol';

const pathOf = (id: string) => join(projectRoot(), 'models', id);
const scratch = mkdtempSync(join(tmpdir(), 'parlance-engine-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const open = new Set<EngineProcess>();
afterEach(async () => {
  await Promise.all([...open].map((engine) => engine.close()));
  open.clear();
});

function engineOf(options: Partial<EngineOptions> = {}): EngineProcess {
  const model = { path: pathOf(bundledModelId), threads: 1, slots: 1, context: 2048 };
  const engine = new EngineProcess({ programPath: programPath('engine'), model, ...options });
  open.add(engine);
  return engine;
}

function dates(options: Partial<EngineOptions> = {}): EngineProcess {
  const model = { path: pathOf(dateNormaliserId), threads: 1, slots: 1, context: 2048 };
  return engineOf({ programPath: programPath('text2text-engine'), model, ...options });
}

/** Never to process 0, which would be our own group. */
function signal({ pid }: EngineProcess, name: NodeJS.Signals): void {
  if (pid === undefined) throw new Error('The engine does not run.');
  process.kill(pid, name);
}

let scripts = 0;

/** An engine that does this with a request, and this when it is told to load. */
function scripted(onGenerate: string, onLoad = `process.send([{ type: 'ready', binding: 'node' }]);`) {
  const file = join(scratch, `engine-${String((scripts += 1))}.mjs`);
  const cases = `if (message.type === 'load') { ${onLoad} } else if (message.type === 'generate') { ${onGenerate} }`;
  writeFileSync(file, `process.on('message', (message) => { ${cases} });`);
  return engineOf({ programPath: file, silenceMs: 1_000, loadSilenceMs: 3_000 });
}

/** The events of a request up to its last, which may be the fault that ended it. */
async function ask(engine: EngineProcess, max_new_tokens: number, onFirst?: () => void) {
  expect(await engine.start()).toEqual({ state: 'ready' });
  return new Promise<(EngineEvent | AppError)[]>((resolve) => {
    const events: (EngineEvent | AppError)[] = [];
    const parameters = { temperature: 0, max_new_tokens, min_new_tokens: max_new_tokens };
    engine.request({ kind: 'prompt', prompt: 'Once upon a time', parameters }, (event) => {
      events.push(event);
      if (events.length === 1) onFirst?.();
      if (event instanceof AppError || event.type === 'finish' || event.type === 'failed') resolve(events);
    });
  });
}

function normalise(engine: EngineProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const parameters = { temperature: 0 };
    engine.request({ kind: 'text2text', text: '3rd of March, 2024', parameters }, (event) => {
      if (event instanceof AppError || event.type === 'failed') reject(new Error(event.message));
      else if (event.type === 'delta') text += event.text;
      else if (event.type === 'finish') resolve(text);
    });
  });
}

describe('an engine', () => {
  it('that the system kills says that memory may be short, and starts again by itself', async () => {
    const engine = engineOf();
    await engine.start();
    const first = engine.pid;
    const last = (await ask(engine, 4000, () => signal(engine, 'SIGKILL'))).at(-1);
    expect(last).toMatchObject({ code: 'backend-unreachable', retryable: true });
    expect((last as AppError).message).toMatch(/memory ran out.+The text so far is kept.+LOCAL_SLOTS/u);
    expect(await engine.start()).toEqual({ state: 'ready' });
    expect(engine.pid).not.toBe(first);
    expect((await ask(engine, 2)).at(-1)).toMatchObject({ type: 'finish' });
  });

  it.skipIf(process.platform === 'win32')(
    'that stands still is noticed and ended; another goes on, and it starts again by itself',
    async () => {
      const engine = engineOf({ silenceMs: 6_000 });
      const other = dates();
      await engine.start();
      await other.start();
      const stoppedAtMs = performance.now();
      const asked = ask(engine, 4000, () => signal(engine, 'SIGSTOP'));
      expect(await normalise(other)).toBe('2024-03-03');
      const last = (await asked).at(-1);
      expect(last).toMatchObject({ code: 'backend-unreachable', retryable: true });
      expect((last as AppError).message).toMatch(/did not answer any more.+Try again/u);
      expect(performance.now() - stoppedAtMs).toBeLessThan(20_000);
      expect(await engine.start()).toEqual({ state: 'ready' });
      expect((await ask(engine, 2)).at(-1)).toMatchObject({ type: 'finish' });
    },
    60_000,
  );

  it('that only says that it is alive is waited for, and one that says nothing is ended', async () => {
    const slow = scripted(`
      setInterval(() => process.send([{ type: 'alive' }]), 100);
      setTimeout(() => process.send([{ type: 'finish', id: message.id, reason: 'stop' }]), 2500);`);
    expect((await ask(slow, 1)).at(-1)).toMatchObject({ type: 'finish' });
    const hung = scripted('for (;;);');
    expect((await ask(hung, 1)).at(-1)).toMatchObject({ code: 'backend-unreachable' });
  });

  it('that hangs while it loads is ended, and says so', async () => {
    const engine = scripted('', 'for (;;);');
    expect(await engine.start()).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('did not answer') as string,
    });
  });

  it('leaves memory when nobody needs it, is ready all the time, and is loaded again by the next', async () => {
    const engine = dates({ idleUnloadMs: 300 });
    expect(engine.state()).toEqual({ state: 'ready' });
    await engine.start();
    const { pid = 0 } = engine;
    const release = engine.hold();
    await delay(600);
    expect(engine.pid).toBe(pid);
    release();
    await expect.poll(() => engine.pid, { timeout: 5_000 }).toBeUndefined();
    await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
    expect(engine.state()).toEqual({ state: 'ready' });
    expect(engine.isLoaded).toBe(false);
    await engine.start();
    expect(await normalise(engine)).toBe('2024-03-03');
  });

  it('says how far loading is, in order, to everybody who waits', async () => {
    const engine = engineOf();
    const heard: number[][] = [[], []];
    await Promise.all(heard.map((fractions) => engine.start((fraction) => fractions.push(fraction))));
    for (const fractions of heard) {
      expect(fractions.length).toBeGreaterThan(10);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(fractions.at(-1)).toBe(0.9);
    }
  });

  it.skipIf(process.platform !== 'linux' || !existsSync('/bin/sh'))(
    'that gets too little memory says so, and what to do',
    async () => {
      const free = engineOf();
      expect(await free.start()).toEqual({ state: 'ready' });
      const peakKb = Number(
        /VmPeak:\s+(\d+)/u.exec(readFileSync(`/proc/${free.pid ?? 0}/status`, 'utf8'))?.[1],
      );
      await free.close();
      const execPath = join(scratch, 'limited.sh');
      let state = free.state();
      for (let lessMb = 100; lessMb <= 400; lessMb += 100) {
        const limit = peakKb - lessMb * 1000;
        writeFileSync(execPath, `#!/bin/sh\nulimit -v ${String(limit)}\nexec "${process.execPath}" "$@"\n`);
        chmodSync(execPath, 0o755);
        state = await engineOf({ execPath }).start();
        if (state.state === 'unavailable') break;
      }
      expect(state).toMatchObject({
        state: 'unavailable',
        reason: expect.stringContaining('memory') as string,
        remedy: expect.stringContaining('LOCAL_SLOTS') as string,
      });
    },
    120_000,
  );
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
