import { describe } from 'vitest';
import { describeRunner } from './conformance';
import { NodeGraph } from './node-graph';

describe('over onnxruntime-node', () => {
  describeRunner((path) => NodeGraph.open(path, 1, {}));
});
