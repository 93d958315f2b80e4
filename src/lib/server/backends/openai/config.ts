import { z } from 'zod';
import { serverFlavours } from '../../../domain/connection';
import { namedServerFields } from '../http/endpoint-config';

export const openaiSchema = z.strictObject({
  type: z.literal('openai'),
  ...namedServerFields,
  /** As the server wants to hear it; absent: the first that it lists. */
  model: z.string().min(1).max(500).optional(),
  /** Which program speaks there; absent: found out. */
  flavour: z.enum(serverFlavours).optional(),
  /** Fields for the body of every request, over those of the driver: `{"service_tier": "flex"}`. */
  body: z.record(z.string().min(1), z.unknown()).optional(),
  /** How it can be asked; absent: with messages, and with plain text where the server is known to take it. */
  accepts: z
    .array(z.enum(['messages', 'prompt']))
    .min(1)
    .optional(),
  reasoning: z
    .strictObject({
      /** The chat template opens the reasoning, so that the answer shows only where it ends (`</think>`). */
      startsOpen: z.boolean().optional(),
    })
    .optional(),
});
export type OpenaiConfig = z.infer<typeof openaiSchema>;
