import { z } from 'zod';

const texts = z.record(z.string().min(1).max(200), z.string().max(8000));

/** Where one server is, and what it wants to hear with every request. */
const endpointFields = {
  /** The base that the driver's paths are put after. */
  url: z.url({ protocol: /^https?$/u }),
  /** Sent as `Authorization: Bearer`. */
  apiKey: z.string().min(1).max(8000).optional(),
  headers: texts.optional(),
  /** Added to the address of every request. */
  query: texts.optional(),
  /** How many of the requests it gets, beside the other endpoints; 1 unless given. */
  weight: z.number().positive().max(1000).optional(),
};

export const endpointSchema = z.strictObject(endpointFields);
export type EndpointConfig = z.infer<typeof endpointSchema>;

/** The fields that every driver over HTTP takes beside its own: one server, or several that hold the same model. */
export const serverFields = {
  ...endpointFields,
  /** More servers with the same model. A request goes to one by weight, and on to the next while nothing was answered. */
  endpoints: z.array(endpointSchema).max(32).optional(),
  connectTimeoutMs: z.int().min(1).max(600_000).optional(),
  firstByteTimeoutMs: z.int().min(1).max(86_400_000).optional(),
  idleTimeoutMs: z.int().min(1).max(86_400_000).optional(),
  /** Answers that the server writes at once; more wait in a line. */
  maxConcurrency: z.int().min(1).max(10_000).optional(),
};
export const serverSchema = z.strictObject(serverFields);
export type ServerConfig = z.infer<typeof serverSchema>;

/** The same server with all its endpoints, each at the address that is made of its own: the base that a driver wants. */
export function withAddresses<S extends ServerConfig>(server: S, addressOf: (url: string) => string): S {
  const endpoints = server.endpoints?.map((endpoint) => ({ ...endpoint, url: addressOf(endpoint.url) }));
  return { ...server, url: addressOf(server.url), ...(endpoints && { endpoints }) };
}
