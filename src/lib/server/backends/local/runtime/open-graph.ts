import type { DecoderGraph } from '../bank';
import { OnnxRuntime, type Pointer } from '../onnx-runtime';
import { appendsInPlace, inPlaceShape } from './appends-in-place';
import { CGraph } from './c-graph';
import { describeDecoder } from './describe-decoder';
import { growingGraph } from './growing-graph';
import { GrowingRun } from './growing-run';
import type { InPlaceShape } from './in-place-bank';
import { NodeGraph } from './node-graph';

export type Binding = 'c-api' | 'node';

/** What serves a graph that appends to its cache in place; session and all are its own from then on. */
export type OpenInPlace = (runtime: OnnxRuntime, session: Pointer, shape: InPlaceShape) => DecoderGraph;

export interface OpenOptions {
  path: string;
  threads: number;
  /** Left out: the C API, or onnxruntime-node where that cannot be called. */
  binding?: Binding;
  /** Left out: every graph is served as one whose cache grows. */
  openInPlace?: OpenInPlace;
  /** Settings of the session, by their names in `onnxruntime_session_options_config_keys.h`. */
  entries?: Readonly<Record<string, string>>;
}

/**
 * Loads a decoder graph, reads its signature and tries what it can do. Throws `UnsuitableGraphError` for a graph that is no
 * decoder, and else with ONNX Runtime's own words.
 */
export async function openDecoderGraph(
  options: OpenOptions,
): Promise<{ graph: DecoderGraph; binding: Binding }> {
  const runtime = options.binding === 'node' ? undefined : loadRuntime(options.binding);
  return runtime
    ? { graph: await openOverC(runtime, options), binding: 'c-api' }
    : { graph: await openOverNode(options), binding: 'node' };
}

/** `undefined` where the other binding is to be used instead. */
function loadRuntime(binding: Binding | undefined): OnnxRuntime | undefined {
  try {
    return new OnnxRuntime();
  } catch (cause) {
    if (binding === 'c-api') throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    process.stderr.write(
      `ONNX Runtime's C API cannot be called (${reason}). The slower onnxruntime-node is used instead.\n`,
    );
    return undefined;
  }
}

async function openOverC(
  runtime: OnnxRuntime,
  { path, threads, openInPlace, entries }: OpenOptions,
): Promise<DecoderGraph> {
  const session = runtime.createSession(path, threads, entries);
  try {
    const runner = new CGraph(runtime, session);
    const decoder = describeDecoder(runner.signature);
    const run = await GrowingRun.open(runner, decoder);
    const shape = openInPlace && inPlaceShape(decoder, run.vocabulary);
    if (!openInPlace || !shape || !(await appendsInPlace(runner, run, shape))) return growingGraph(run);
    run.forget();
    return openInPlace(runtime, session, shape);
  } catch (thrown) {
    runtime.releaseSession(session);
    throw thrown;
  }
}

async function openOverNode({ path, threads, entries = {} }: OpenOptions): Promise<DecoderGraph> {
  const runner = await NodeGraph.open(path, threads, entries);
  try {
    return growingGraph(await GrowingRun.open(runner, describeDecoder(runner.signature)));
  } catch (thrown) {
    runner.release();
    throw thrown;
  }
}
