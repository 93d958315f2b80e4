import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { tinyGraph } from './__fixtures__/tiny-graph';
import { tinyWeights } from './__fixtures__/tiny-weights';
import { openDecoderGraph } from './open-graph';

vi.mock('../onnx-runtime', async (original) => ({
  ...(await original<object>()),
  OnnxRuntime: function OnnxRuntime() {
    throw new Error('no such library');
  },
}));

it('goes on with onnxruntime-node where the C API cannot be called, and says why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graphs-'));
  const path = join(folder, 'tiny.onnx');
  await writeFile(path, tinyGraph(tinyWeights()));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { graph, binding } = await openDecoderGraph({ path, threads: 1 });
  expect(binding).toBe('node');
  expect(said).toHaveBeenCalledOnce();
  expect(said.mock.calls[0]?.[0]).toContain('cannot be called (no such library)');
  said.mockRestore();
  const bank = graph.createBank(1, 4);
  expect(await bank.read(0, [1, 2], 0)).toHaveLength(graph.vocabulary);
  bank.release();
  graph.release();
  await expect(openDecoderGraph({ path, threads: 1, binding: 'c-api' })).rejects.toThrow('no such library');
  await rm(folder, { recursive: true });
});
