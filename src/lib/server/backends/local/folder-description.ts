import { basename } from 'node:path';
import type { FolderFacts } from './model-folder';

const tasks = { 'text-generation': 'Text generation', 'text2text-generation': 'Text to text' };

/** A model in a line, for people who choose one: what it does, what it is, its size, how much it reads, which file. */
export function describeFolder({ task, architecture, files, contextLength }: FolderFacts): string {
  const graphs = files.graphs.map((graph) => basename(graph)).join(', ');
  return `${tasks[task]}. ${architecture}, ${megabytes(files.bytes)} MB, ${contextLength.toLocaleString('en-GB')} tokens of context, ${files.dtype} (${graphs}).`;
}

function megabytes(bytes: number): string {
  const size = bytes / 1e6;
  return size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString('en-GB');
}
