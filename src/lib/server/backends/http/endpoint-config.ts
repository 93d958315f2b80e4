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

const endpointSchema = z.strictObject(endpointFields);
/** What this server calls the model, where that is not what the first calls it. */
const namedEndpointSchema = z.strictObject({
  ...endpointFields,
  model: z.string().min(1).max(500).optional(),
});
export type EndpointConfig = z.infer<typeof namedEndpointSchema>;

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

/** The same for drivers whose requests name the model (`model`): each server may have a name of its own for it. */
export const namedServerFields = {
  ...serverFields,
  endpoints: z.array(namedEndpointSchema).max(32).optional(),
};

export type ServerConfig = z.infer<z.ZodObject<typeof namedServerFields>>;

/** The same server with all its endpoints, each at the address that is made of its own: the base that a driver wants. */
export function withAddresses<S extends ServerConfig>(server: S, addressOf: (url: string) => string): S {
  const endpoints = server.endpoints?.map((endpoint) => ({ ...endpoint, url: addressOf(endpoint.url) }));
  return { ...server, url: addressOf(server.url), ...(endpoints && { endpoints }) };
}
