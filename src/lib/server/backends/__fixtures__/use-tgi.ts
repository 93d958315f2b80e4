import type { Backend, GenerateInput } from '../backend';
import { collect, type Collected } from '../conformance';
import { defaultHttpSettings } from '../http/settings';
import type { GenerationParameters } from '../../../domain/parameters';
import { tgiBackend, type TgiConfig } from '../tgi.backend';
import { FakeTgi, type FakeTgiOptions } from './fake-tgi';

export interface TgiInUse {
  backend: Backend;
  server: FakeTgi;
  /** Reads a whole answer. */
  ask: (parameters?: GenerationParameters, input?: GenerateInput) => Promise<Collected>;
}

/** Runs with a fake server and a driver for it, and ends both. */
export async function useTgi(
  options: FakeTgiOptions,
  work: (inUse: TgiInUse) => Promise<void>,
  config: Partial<TgiConfig> = {},
): Promise<void> {
  const server = await new FakeTgi(options).listen();
  const backend = tgiBackend.create(
    { type: 'tgi', url: server.url, ...config },
    { http: defaultHttpSettings },
  );
  const signal = new AbortController().signal;
  const ask: TgiInUse['ask'] = (parameters = {}, input = { kind: 'prompt', prompt: 'Tell me of the fox.' }) =>
    collect(backend.generate({ ...input, parameters, signal }));
  try {
    await work({ backend, server, ask });
  } finally {
    await backend.close();
    await server.close();
  }
}
