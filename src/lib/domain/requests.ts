import { z } from 'zod';
import { maxTitleLength, type ConversationSettings } from './conversation';
import { filePartSchema } from './file-schema';
import { maxImagesPerMessage } from './files';
import { parameterChangesSchema, parametersSchema } from './parameter-schema';
import { maxMessageLength } from './message';
import { filesOf, type Part } from './parts';
import { maxAnswerStartLength, maxSystemPromptLength, maxTaskLength, type SettingsChanges } from './settings';

const id = z.uuid();
const modelId = z.string().min(1).max(200);

const partSchema: z.ZodType<Part> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(maxMessageLength) }),
  filePartSchema,
]);
const partsSchema = z
  .array(partSchema)
  .min(1)
  .max(16 + maxImagesPerMessage)
  .refine(
    (parts) => filesOf(parts).length <= maxImagesPerMessage,
    `A message has at most ${maxImagesPerMessage} images.`,
  );

const systemPrompt = z.string().max(maxSystemPromptLength);
const answerStart = z.string().max(maxAnswerStartLength);
const task = z.string().min(1).max(maxTaskLength);

export const settingsSchema: z.ZodType<ConversationSettings> = z.strictObject({
  systemPrompt: systemPrompt.optional(),
  answerStart: answerStart.optional(),
  isRaw: z.boolean().optional(),
  task: task.optional(),
  parameters: parametersSchema.optional(),
});

const settingsChanges = z.strictObject({
  systemPrompt: systemPrompt.nullable().optional(),
  answerStart: answerStart.nullable().optional(),
  isRaw: z.boolean().nullable().optional(),
  task: task.nullable().optional(),
  parameters: parameterChangesSchema.optional(),
});

/** The `settings` of `PATCH /api/conversations/:id` */
const settingsChangesSchema: z.ZodType<SettingsChanges> = settingsChanges;

/** `PATCH /api/settings` */
export const ownerSettingsChangesSchema: z.ZodType<SettingsChanges> = settingsChanges.extend({
  defaultModelId: modelId.nullable().optional(),
});

/** `POST /api/conversations` */
export const createConversationSchema = z.strictObject({
  id,
  modelId: modelId.optional(),
  settings: settingsSchema.optional(),
});
export type CreateConversation = z.infer<typeof createConversationSchema>;

/** `PATCH /api/conversations/:id` */
export const updateConversationSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(maxTitleLength),
    leafId: id,
    isPinned: z.boolean(),
    modelId,
    settings: settingsChangesSchema,
  })
  .partial();
export type UpdateConversation = z.infer<typeof updateConversationSchema>;

/** `POST /api/conversations/:id/messages`: reply, edit, regenerate, continue, compare and n sequences are this shape. */
export const startRepliesSchema = z.strictObject({
  parentId: id.nullable(),
  userMessage: z.strictObject({ id, parts: partsSchema }).optional(),
  replies: z
    .array(
      z.strictObject({
        generationId: id,
        messageIds: z.array(id).min(1).max(8),
        modelId,
        parameters: parametersSchema.optional(),
        isRaw: z.boolean().optional(),
        prefix: z.string().max(maxMessageLength).optional(),
      }),
    )
    .min(1)
    .max(4),
});
export type StartReplies = z.infer<typeof startRepliesSchema>;

/** `POST /api/conversations/:id/messages/:messageId/edits`: another version of an answer, as a person wrote it. */
export const editAnswerSchema = z.strictObject({ id, text: z.string().min(1).max(maxMessageLength) });
export type EditAnswer = z.infer<typeof editAnswerSchema>;

/** `POST /api/conversations/:id/messages/:messageId/fork`: `id` is that of the new conversation. */
export const forkSchema = z.strictObject({ id });
export type ForkConversation = z.infer<typeof forkSchema>;

/** `POST /api/generations/:id/stop`: `throughSeq` is the last entry that the reader had on screen. */
export const stopSchema = z.strictObject({ throughSeq: z.int().min(0).optional() });
export type StopGeneration = z.infer<typeof stopSchema>;

/** `POST /api/conversations/restore-all`: the instant that the deletion answered with. */
export const restoreAllSchema = z.strictObject({
  deletedAt: z.iso.datetime().transform((text) => new Date(text)),
});

/** `POST /api/measure`: how much of the model's context this message would use. */
export const measureSchema = z.strictObject({
  modelId,
  /** What has been written so far. */
  text: z.string().max(maxMessageLength),
  /** How many images it has. */
  imageCount: z.int().min(0).max(maxImagesPerMessage).optional(),
  /** Absent: a conversation that is not begun, with these settings. */
  conversationId: id.optional(),
  /** The message that it would follow. */
  parentId: id.nullable(),
  settings: settingsSchema.optional(),
});
export type MeasureRequest = z.infer<typeof measureSchema>;
