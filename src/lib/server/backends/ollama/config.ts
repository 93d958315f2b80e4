import { z } from 'zod';
import { namedServerFields, withAddresses, type ServerConfig } from '../http/endpoint-config';

export const ollamaConfigSchema = z.strictObject({
  type: z.literal('ollama'),
  ...namedServerFields,
  /** As `ollama list` shows it: `llama3.2:3b`. */
  model: z.string().min(1).max(500),
  /** How long the model stays in memory after an answer: "10m", seconds, or -1 for good. Absent: as the server wants. */
  keepAlive: z
    .union([z.int(), z.string().regex(/^-?\d+(?:\.\d+)?(?:ms|s|m|h)?$/u, 'must be a time such as 10m')])
    .optional(),
  /** Tokens of prompt and answer together; more take more memory. Absent: see `contextOf`. */
  numCtx: z.int().min(128).max(10_000_000).optional(),
});
export type OllamaConfig = z.infer<typeof ollamaConfigSchema>;

/** The servers of a configuration, each by its base. */
export function serversOf(config: OllamaConfig): ServerConfig {
  const { type: _type, model: _model, keepAlive: _keepAlive, numCtx: _numCtx, ...server } = config;
  return withAddresses(server, baseAddress);
}

/** The base of a server, from an address that may be that of its API, its own or the one in the dialect of OpenAI. */
export function baseAddress(url: string): string {
  const address = new URL(url);
  address.pathname = address.pathname
    .replace(/\/+$/u, '')
    .replace(/\/(?:api(?:\/(?:chat|generate|tags))?|v1)$/u, '');
  return address.href.replace(/\/$/u, '');
}
