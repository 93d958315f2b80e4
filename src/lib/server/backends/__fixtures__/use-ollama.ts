import type { GenerationParameters } from '../../../domain/parameters';
import type { Backend, GenerateInput, GenerateRequest } from '../backend';
import { collect, type Collected } from '../conformance';
import { defaultHttpSettings } from '../http/settings';
import { ollamaBackend, type OllamaConfig } from '../ollama.backend';
import { fakeOllama, type FakeOllamaOptions } from './fake-ollama';
import type { FakeServer } from './fake-server';

export interface OllamaInUse {
  backend: Backend;
  server: FakeServer;
  /** Reads a whole answer. */
  ask: (
    parameters?: GenerationParameters,
    input?: GenerateInput & Pick<GenerateRequest, 'readFile'>,
  ) => Promise<Collected>;
  /** What was sent to the routes that answer, without what is in every request. */
  sent: () => { path: string; body: Record<string, unknown> }[];
}

const question: GenerateInput = {
  kind: 'messages',
  messages: [{ role: 'user', content: 'Tell me of rivers.' }],
};

/** Runs with a fake server and a driver for it, and ends both. */
export async function useOllama(
  options: FakeOllamaOptions,
  work: (inUse: OllamaInUse) => Promise<void>,
  config: Partial<OllamaConfig> = {},
): Promise<void> {
  const server = await fakeOllama(options);
  const settings: OllamaConfig = { type: 'ollama', url: server.url, model: 'small', ...config };
  const backend = ollamaBackend.create(settings, { http: defaultHttpSettings });
  const signal = new AbortController().signal;
  const ask: OllamaInUse['ask'] = (parameters = {}, input = question) =>
    collect(backend.generate({ ...input, parameters, signal }));
  const sent: OllamaInUse['sent'] = () =>
    server.requests
      .filter(({ path }) => path !== '/api/show')
      .map(({ path, body }) => {
        const {
          model: _model,
          stream: _stream,
          truncate: _truncate,
          shift: _shift,
          ...rest
        } = body as Record<string, unknown>;
        return { path, body: rest };
      });
  try {
    await work({ backend, server, ask, sent });
  } finally {
    await backend.close();
    await server.close();
  }
}
