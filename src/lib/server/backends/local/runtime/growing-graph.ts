import type { DecoderGraph } from '../bank';
import { GrowingBank } from './growing-bank';
import type { GrowingRun } from './growing-run';

/** A decoder graph whose cache grows; the run is its own from then on. */
export function growingGraph(run: GrowingRun): DecoderGraph {
  return {
    vocabulary: run.vocabulary,
    createBank: (rows, capacity) => new GrowingBank(run, rows, capacity),
    release: () => run.release(),
  };
}
