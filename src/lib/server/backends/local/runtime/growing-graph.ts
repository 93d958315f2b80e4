import type { DecoderGraph } from '../bank';
import type { DecoderDescription } from './describe-decoder';
import type { GraphRunner } from './graph-runner';
import { GrowingBank } from './growing-bank';
import { GrowingRun } from './growing-run';

/**
 * A decoder graph over any runner, which is the graph's from then on. Throws `UnsuitableGraphError`, or with ONNX Runtime's
 * own words; the runner is still the caller's then.
 */
export async function openGrowingGraph(
  runner: GraphRunner,
  decoder: DecoderDescription,
): Promise<DecoderGraph> {
  const run = await GrowingRun.open(runner, decoder);
  return {
    vocabulary: run.vocabulary,
    createBank: (rows, capacity) => new GrowingBank(run, rows, capacity),
    release: () => run.release(),
  };
}
