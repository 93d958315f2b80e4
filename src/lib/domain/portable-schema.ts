import { z } from 'zod';
import { errorCodes } from './errors';
import { filePartSchema, portableFileSchema } from './file-schema';
import { parametersSchema } from './parameter-schema';
import type { PromptRecord } from './generation';
import type { Usage, Warning } from './message';
import type { Part } from './parts';
import type { PromptToken, TokenInfo } from './token-info';
import {
  portableFormat,
  portableVersion,
  type PortableConversation,
  type PortableGeneration,
  type PortableMessage,
} from './portable';
import { maxTitleLength } from './conversation';
import { settingsSchema } from './requests';
import { maxTaskLength } from './settings';

/** Longest text of one part in a file, in characters: answers may be longer than what people can send. */
const maxTextLength = 10_000_000;

const id = z.uuid();
const name = z.string().min(1).max(200);
const count = z.int().min(0);
const instant = z.iso.datetime().transform((text) => new Date(text));
const text = z.string().max(maxTextLength);

// Each shape has a row for every property of its type: one that is added later is not forgotten here.

const partSchema: z.ZodType<Part> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text }),
  z.strictObject({ type: z.literal('reasoning'), text }),
  filePartSchema,
  z.strictObject({ type: z.literal('tool-call'), id: z.string().max(200), name, arguments: text }),
]);

const usageShape = {
  promptTokens: count,
  completionTokens: count,
  cachedTokens: count.optional(),
  firstTextMs: z.number().min(0).optional(),
  durationMs: z.number().min(0).optional(),
  reasoningMs: z.number().min(0).optional(),
} satisfies Record<keyof Usage, z.ZodType>;

const promptShape = {
  hash: z.string().min(1).max(100),
  systemPrompt: text.optional(),
  isRaw: z.boolean().optional(),
  task: z.string().min(1).max(maxTaskLength).optional(),
  parameters: parametersSchema,
  leftOut: count,
} satisfies Record<keyof PromptRecord, z.ZodType>;

const tokenShape = { text: z.string().max(10_000), logprob: z.number() };
const tokenSchema: z.ZodType<TokenInfo> = z.strictObject({
  ...tokenShape,
  top: z.array(z.strictObject(tokenShape)).max(100).optional(),
});

const promptTokenSchema: z.ZodType<PromptToken> = z.strictObject({
  ...tokenShape,
  logprob: z.number().optional(),
});

const errorSchema = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string().max(10_000),
  retryable: z.boolean(),
  details: z.record(z.string().max(100), z.union([z.string().max(10_000), z.number()])).optional(),
});

const warningSchema: z.ZodType<Warning> = z.strictObject({
  code: z.string().min(1).max(100),
  text: z.string().max(10_000),
});

const finishReason = z.enum(['stop', 'length', 'time']);

const messageShape = {
  id,
  parentId: id.nullable(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  parts: z.array(partSchema).max(1000),
  origin: z.enum(['user', 'model', 'edited', 'imported']),
  modelId: name.optional(),
  generationId: id.optional(),
  prefixLength: count.optional(),
  usage: z.strictObject(usageShape).optional(),
  tokens: z.array(tokenSchema).max(1_000_000).optional(),
  promptLogprobs: z.array(promptTokenSchema).max(1_000_000).optional(),
  leftOut: count.optional(),
  warnings: z.array(warningSchema).max(100).optional(),
  finishReason: finishReason.optional(),
  error: errorSchema.optional(),
  status: z.enum(['complete', 'running', 'stopped', 'failed', 'interrupted']),
  createdAt: instant,
} satisfies Record<keyof PortableMessage, z.ZodType>;

const generationShape = {
  id,
  messageIds: z.array(id).min(1).max(100),
  modelId: name,
  parameters: parametersSchema,
  prefix: text,
  status: z.enum(['queued', 'running', 'completed', 'stopped', 'failed', 'interrupted']),
  finishReason: finishReason.optional(),
  prompt: z.strictObject(promptShape).optional(),
  usage: z.strictObject(usageShape).optional(),
  error: errorSchema.optional(),
  createdAt: instant,
  endedAt: instant.optional(),
} satisfies Record<keyof PortableGeneration, z.ZodType>;

const conversationShape = {
  id,
  kind: z.enum(['chat', 'completion', 'text2text']),
  title: z.string().max(maxTitleLength),
  leafId: id.nullable(),
  modelId: name,
  settings: settingsSchema,
  isPinned: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  messages: z.array(z.strictObject(messageShape)).max(100_000),
  generations: z.array(z.strictObject(generationShape)).max(100_000),
  files: z.array(portableFileSchema).max(10_000).optional(),
} satisfies Record<keyof PortableConversation, z.ZodType>;

/** One conversation of a file. What hangs together must: parents, runs and the leaf are in the same conversation. */
export const portableConversationSchema: z.ZodType<PortableConversation> = z
  .strictObject(conversationShape)
  .superRefine((conversation, context) => {
    const { path, message } = linkFault(conversation) ?? {};
    if (path && message !== undefined) context.addIssue({ code: 'custom', path, message });
  });

/** The document around the conversations, which are checked one by one. */
export const portableDocumentSchema = z.strictObject({
  format: z.literal(portableFormat, 'This is not a file of conversations that Parlance exported.'),
  version: z.literal(portableVersion, `This server reads version ${String(portableVersion)} of the format.`),
  exportedAt: instant,
  conversations: z.array(z.unknown()).max(100_000),
});

/** The first link that leads nowhere, or to what comes later. */
function linkFault({
  leafId,
  messages,
  generations,
  files = [],
}: PortableConversation): { path: PropertyKey[]; message: string } | undefined {
  const twice = files.findIndex(
    ({ id: fileId }, index) => files.findIndex((file) => file.id === fileId) < index,
  );
  if (twice !== -1) return { path: ['files', twice, 'id'], message: 'This id is there twice.' };
  const runs = new Set<string>();
  for (const [index, { id: runId }] of generations.entries()) {
    if (runs.has(runId)) return { path: ['generations', index, 'id'], message: 'This id is there twice.' };
    runs.add(runId);
  }
  const seen = new Set<string>();
  for (const [index, { id: messageId, parentId, generationId }] of messages.entries()) {
    const path = ['messages', index];
    if (seen.has(messageId)) return { path: [...path, 'id'], message: 'This id is there twice.' };
    if (parentId !== null && !seen.has(parentId))
      return { path: [...path, 'parentId'], message: 'The parent is not among the messages before.' };
    if (generationId !== undefined && !runs.has(generationId))
      return { path: [...path, 'generationId'], message: 'The generation is not in this conversation.' };
    seen.add(messageId);
  }
  const hasLeaf = leafId === null ? messages.length === 0 : seen.has(leafId);
  return hasLeaf ? undefined : { path: ['leafId'], message: 'The leaf is not among the messages.' };
}
