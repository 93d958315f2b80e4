import { z } from 'zod';
import { maxTitleLength, type ConversationSettings } from './conversation';
import { parametersSchema } from './parameter-schema';
import type { Part } from './parts';

/** Longest text of one message, in characters; longer ones are refused before any model sees them. */
export const maxMessageLength = 1_000_000;
const id = z.uuid();

const partSchema: z.ZodType<Part> = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1).max(maxMessageLength),
});

export const settingsSchema: z.ZodType<ConversationSettings> = z.strictObject({
  systemPrompt: z.string().max(100_000).optional(),
  parameters: parametersSchema.optional(),
});

/** `POST /api/conversations` */
export const createConversationSchema = z.strictObject({
  id,
  modelId: z.string().min(1).max(200).optional(),
  settings: settingsSchema.optional(),
});
export type CreateConversation = z.infer<typeof createConversationSchema>;

/** `PATCH /api/conversations/:id` */
export const updateConversationSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(maxTitleLength),
    leafId: id,
    modelId: z.string().min(1).max(200),
    settings: settingsSchema,
  })
  .partial();
export type UpdateConversation = z.infer<typeof updateConversationSchema>;

/** `POST /api/conversations/:id/messages`: reply, edit, regenerate, continue, compare and n sequences are this shape. */
export const startRepliesSchema = z.strictObject({
  parentId: id.nullable(),
  userMessage: z.strictObject({ id, parts: z.array(partSchema).min(1).max(16) }).optional(),
  replies: z
    .array(
      z.strictObject({
        generationId: id,
        messageIds: z.array(id).min(1).max(8),
        modelId: z.string().min(1).max(200),
        parameters: parametersSchema.optional(),
        prefix: z.string().max(maxMessageLength).optional(),
      }),
    )
    .min(1)
    .max(4),
});
export type StartReplies = z.infer<typeof startRepliesSchema>;

/** `POST /api/generations/:id/stop`: `throughSeq` is the last entry that the reader had on screen. */
export const stopSchema = z.strictObject({ throughSeq: z.int().min(0).optional() });
export type StopGeneration = z.infer<typeof stopSchema>;

/** `POST /api/conversations/restore-all`: the instant that the deletion answered with. */
export const restoreAllSchema = z.strictObject({
  deletedAt: z.iso.datetime().transform((text) => new Date(text)),
});
