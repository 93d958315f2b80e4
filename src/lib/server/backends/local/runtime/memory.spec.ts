import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyGraph } from './__fixtures__/tiny-graph';
import { tinyWeights } from './__fixtures__/tiny-weights';
import { allocate, freeMemory, OnnxRuntime } from '../onnx-runtime';
import { CGraph } from './c-graph';
import { CInspector } from './c-inspector';
import { describeDecoder } from './describe-decoder';
import { GrowingBank } from './growing-bank';
import { GrowingRun } from './growing-run';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const runtime = new OnnxRuntime();
const megabyte = 2 ** 20;
let path = '';

beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'graphs-')), 'tiny.onnx');
  // Large enough that a forgotten output of each step would be a quarter of a gigabyte in the end.
  const weights = tinyWeights({ layers: 2, heads: 8, headSize: 16, vocabulary: 31, context: 64 });
  await writeFile(path, tinyGraph(weights));
});
afterAll(() => rm(path));

/** Collected memory that JavaScript only looked at is given up between two turns of the event loop. */
async function residentMemory(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await nextTurn();
  }
  return process.memoryUsage().rss;
}

/**
 * The least that resident memory grew by in one of four rounds of the same work, after one that does not count. What is
 * forgotten grows every time; what V8 and the allocator do besides does not.
 */
async function leastGrowth(work: () => unknown): Promise<number> {
  await work();
  const growths: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const before = await residentMemory();
    await work();
    growths.push((await residentMemory()) - before);
  }
  return Math.min(...growths);
}

async function openBank(rows: number): Promise<{ bank: GrowingBank; run: GrowingRun; outputs: number }> {
  const runner = new CGraph(runtime, runtime.createSession(path, 1));
  const run = await GrowingRun.open(runner, describeDecoder(runner.signature));
  return { bank: new GrowingBank(run, rows, 64), run, outputs: runner.signature.outputs.length };
}

describe('over the C API', () => {
  it('memory is flat over 2,000 steps, with copies and steps back', async () => {
    const { bank, run } = await openBank(2);
    const steps = async (count: number) => {
      for (let step = 0; step < count; step += 1) {
        await bank.step(0, [step % 31], [step % 60]);
        if (step % 7 === 0) bank.copy(1, bank, 0, 0, (step % 60) + 1);
        // Shorter than what the row holds, so that it is cut.
        if (step % 10 === 0) await bank.read(1, [3], Math.floor((step % 60) / 2));
      }
    };
    expect(await leastGrowth(() => steps(500))).toBeLessThan(megabyte);
    bank.release();
    run.release();
  });

  it('every tensor is given back, and once', async () => {
    const created = vi.spyOn(runtime, 'createTensor');
    const runs = vi.spyOn(runtime, 'runAsync');
    const released = vi.spyOn(runtime, 'releaseTensor');
    const { bank, run, outputs } = await openBank(3);
    await bank.read(0, [1, 2, 3, 4], 0);
    bank.copy(1, bank, 0, 0, 2);
    bank.copy(2, bank, 0, 0, 4);
    bank.copy(2, bank, 2, 0, 3);
    bank.swap(0, 2);
    await bank.step(0, [1, 2, 3], [3, 2, 4]);
    await expect(bank.read(0, [99], 4)).rejects.toThrow(/Gather/u);
    bank.release();
    run.release();
    const failed = 1;
    expect(released).toHaveBeenCalledTimes(
      created.mock.calls.length + outputs * (runs.mock.calls.length - failed),
    );
    vi.restoreAllMocks();
  });

  it('a released tensor is neither used nor released again', async () => {
    const runner = new CGraph(runtime, runtime.createSession(path, 1));
    const tensor = runner.createTensor('int64', [1, 2], (memory) => new BigInt64Array(memory).set([5n, 6n]));
    expect([...new BigInt64Array(tensor.bytes().slice().buffer)]).toEqual([5n, 6n]);
    tensor.release();
    expect(() => tensor.release()).toThrow('released before');
    expect(() => tensor.bytes()).toThrow('released before');
    const list = runner.prepare(['input_ids'], ['logits']);
    await expect(list.run([tensor])).rejects.toThrow('released before');
    list.release();
    runner.release();
  });

  it('small tensors, their shapes and looks at a signature leave nothing', async () => {
    const { pointer } = allocate(16);
    const session = runtime.createSession(path, 1);
    const inspector = new CInspector(runtime);
    let dimensions = 0;
    const work = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const tensor = runtime.createTensor(pointer, 'int64', [1, 2]);
        dimensions += inspector.shapeOf(tensor.value).length;
        runtime.releaseTensor(tensor);
        if (index % 100 === 0) inspector.signatureOf(session);
        if (index % 1_000 === 0) await nextTurn();
      }
    };
    expect(await leastGrowth(() => work(20_000))).toBeLessThan(megabyte / 2);
    expect(dimensions).toBe(2 * 100_000);
    freeMemory(pointer);
    runtime.releaseSession(session);
  });

  it('sessions are given back, and the library outlives a collection of garbage', async () => {
    const open = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        collect();
        runtime.releaseSession(runtime.createSession(path, 1));
      }
    };
    expect(await leastGrowth(() => open(30))).toBeLessThan(megabyte);
  });
});
