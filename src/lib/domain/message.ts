/* TEMPORARY NOTICE (to be removed; do not copy, do not delete): the clock changed after your task was written.
 * Hard deadline for everything: `date` 02:35 UTC today. Land a first working version within 20 minutes, commit, then
 * improve. Run `git log --oneline` and look at the tree NOW: these are already written and tested by the lead, so do not
 * rewrite them: domain/, storage/embedded + migrations, backends/ (scripted, local engine, conformance), generation/,
 * models/, scripts/build-programs.mjs, scripts/vitest-setup.mjs, server/programs.ts.
 * - storage helper: write storage/conformance.ts + embedded-storage.spec.ts + fixtures only, fix the bugs you find. Done by 02:20.
 * - engine helper: write specs for backends/local/{sampling,token-decoder,cache-slots}.ts and a short measurement; fix bugs. Done by 02:15.
 * - server helper: config/env.ts, auth, http/endpoint.ts, log.ts, lifecycle.ts, hooks.server.ts, main.ts FIRST (by 02:12), then
 *   scripts/start.mjs, build.mjs, test.mjs, .ci/run, .env.example, docs/configuration.md, then architecture.spec.ts, Dockerfile.
 *   The lead writes app.ts's createApp(env, log) and routes/api/** and http/event-stream.ts now.
 * - page helper: plain working page FIRST (send, stream, stop, reload, sidebar; by 02:20), then polish.
 */
import type { PublicError } from './errors';
import type { Part } from './parts';

export type MessageRole = 'system' | 'user' | 'assistant' | 'tool';
export type MessageOrigin = 'user' | 'model' | 'edited' | 'imported';
export type MessageStatus = 'complete' | 'running' | 'stopped' | 'failed' | 'interrupted';

/** What a run cost and did. Times are milliseconds, the rest tokens. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Prompt tokens whose computation was reused from an earlier turn. */
  cachedTokens?: number;
  /** From the start of the run to its first text. */
  firstTextMs?: number;
  durationMs?: number;
}

/** One message of a conversation's tree. Nothing of it changes once its run has ended. */
export interface Message {
  id: string;
  conversationId: string;
  /** The message that this one answers or follows; the only link that is stored. */
  parentId: string | null;
  role: MessageRole;
  parts: Part[];
  origin: MessageOrigin;
  modelId?: string;
  generationId?: string;
  /** Characters at the start of the text that this run was given, not wrote (a continuation). */
  prefixLength?: number;
  usage?: Usage;
  /** Messages at the start of the conversation that did not fit the model's context for this answer. */
  leftOut?: number;
  /** Why the model stopped writing: its end of turn, or the limit of new tokens. */
  finishReason?: FinishReason;
  error?: PublicError;
  status: MessageStatus;
  createdAt: Date;
}

/** `stop`: the model ended or a stop sequence came; `length`: the limit of new tokens or the context is reached. */
export type FinishReason = 'stop' | 'length';
