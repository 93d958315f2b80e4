import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { fault } from './model-fault';

/** A JSON file of a model, checked. `absent` stands in for one that is not there; otherwise that is a fault. */
export async function readJson<T>(path: string, schema: z.ZodType<T>, absent?: T): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (absent !== undefined) return undefined;
    throw fault(`The file ${path} is missing.`, `Copy ${basename(path)} of the model there again.`, cause);
  });
  if (text === undefined && absent !== undefined) return absent;
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch (cause) {
    throw fault(`The file ${path} is damaged.`, `Copy ${basename(path)} of the model there again.`, cause);
  }
}
