import { expect } from 'vitest';
import { AppError, type ErrorCode } from '../../../domain/errors';
import type { Storage } from '../storage';

export type OpenStorage = () => Promise<Storage>;

/** Runs a test with a storage of its own. */
export function withStorage(open: OpenStorage): (work: (storage: Storage) => Promise<void>) => Promise<void> {
  return async (work) => {
    const storage = await open();
    try {
      await work(storage);
    } finally {
      await storage.close();
    }
  };
}

/** The code with which a call is refused. */
export async function faultOf(call: Promise<unknown>): Promise<ErrorCode> {
  const thrown = await call.then(
    (value) => expect.unreachable(`answered with ${JSON.stringify(value)}`),
    (fault: unknown) => fault,
  );
  if (!(thrown instanceof AppError)) throw thrown;
  return thrown.code;
}
