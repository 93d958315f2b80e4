import { CGraph } from './c-graph';
import { describeRunner } from './conformance';
import { OnnxRuntime } from '../onnx-runtime';
import { describe } from 'vitest';

const runtime = new OnnxRuntime();

describe('over the C API', () => {
  describeRunner((path) => Promise.resolve(new CGraph(runtime, runtime.createSession(path, 1))));
});
