import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Tokenizer } from '@huggingface/tokenizers';
import type { CountCommand, TokenizerReport, TokenizerTask } from './tokenizer-protocol';

const { path } = workerData as TokenizerTask;

function report(what: TokenizerReport): void {
  parentPort?.postMessage(what);
}

async function read(): Promise<Tokenizer> {
  const model: unknown = JSON.parse(await readFile(path, 'utf8'));
  const config = await readFile(join(dirname(path), 'tokenizer_config.json'), 'utf8').catch(() => '{}');
  return new Tokenizer(model as object, JSON.parse(config) as object);
}

try {
  const tokenizer = await read();
  parentPort?.on('message', ({ id, text }: CountCommand) => {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false });
    report({ type: 'count', id, tokens: ids.length });
  });
  report({ type: 'ready' });
} catch (thrown) {
  report({ type: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) });
}
