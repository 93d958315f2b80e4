import { z } from 'zod';
import { serverBackends } from './connection';

const address = z.string().trim().min(1).max(2000);
const key = z.string().trim().min(1).max(8000);
const texts = z.record(z.string().min(1).max(200), z.string().max(8000));
const name = z.string().trim().min(1).max(100);
const modelId = z.string().min(1).max(200);
const choice = z.union([z.literal('all'), z.array(modelId).min(1).max(500)]);

/** What goes to the server besides the question: never shown again once it is stored. */
const secretFields = {
  key: key.optional(),
  headers: texts.optional(),
  query: texts.optional(),
};

/** What speaks at an address? With `connectionId`, its stored key is used where none is given, for the same server. */
export const probeSchema = z.strictObject({
  url: address,
  ...secretFields,
  connectionId: z.uuid().optional(),
});
export type ProbeRequest = z.infer<typeof probeSchema>;

/** Asks a model for a word. `url` and `backend` are what the probe found. */
export const modelTestSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/u }).max(2000),
  backend: z.enum(serverBackends),
  modelId,
  ...secretFields,
  connectionId: z.uuid().optional(),
});
export type ModelTestRequest = z.infer<typeof modelTestSchema>;

/** Connects a server. The id is made by the browser: the same again changes nothing. */
export const newConnectionSchema = z.strictObject({
  id: z.uuid(),
  url: address,
  ...secretFields,
  name: name.optional(),
  choice,
  isForAdmins: z.boolean().optional(),
});
export type NewConnectionRequest = z.infer<typeof newConnectionSchema>;

/**
 * What is absent stays. `key: null` takes the key away. A key comes with the address that it is for: somebody else may have
 * given the connection another one meanwhile.
 */
export const connectionChangesSchema = z
  .strictObject({
    url: address.optional(),
    key: key.nullable().optional(),
    name: name.optional(),
    choice: choice.optional(),
    isForAdmins: z.boolean().optional(),
    /** `false`: it is saved as it is given, and the server is asked afterwards. */
    check: z.boolean().optional(),
  })
  .refine((changes) => typeof changes.key !== 'string' || changes.url !== undefined, {
    path: ['url'],
    message: 'must come with the key, which is for this address alone',
  });
export type ConnectionChanges = z.infer<typeof connectionChangesSchema>;
