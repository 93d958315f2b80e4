import type { Message } from '../domain/message';
import { plannedMessages } from '../domain/planned-messages';
import type { StartReplies } from '../domain/requests';
import { ApiError } from './api';
import type { Branches } from './branches.svelte';
import type { RunStreams } from './run-streams.svelte';

const retryDelaysMs = [400, 1500];

export interface StartsOptions {
  conversationId: string;
  branches: Branches;
  streams: RunStreams;
  /** Posts a request; its answer is the stream of the runs. */
  submit: (request: StartReplies) => Promise<ReadableStream<Uint8Array>>;
}

interface Pending {
  request: StartReplies;
  /** Resolves once it was taken or refused. */
  settled: Promise<void>;
}

/** Starts answers: their messages are shown before the server has taken them, or has refused them. */
export class Starts {
  private readonly pending = new Set<Pending>();

  constructor(private readonly options: StartsOptions) {}

  /** Shows the messages of a request and submits it. Throws when it was not taken; nothing of it is left then. */
  async start(request: StartReplies): Promise<void> {
    const { conversationId, branches, streams, submit } = this.options;
    const { leafId } = branches;
    const added = plannedMessages(conversationId, request, new Date());
    const [reply] = request.replies;
    branches.add(added);
    this.follow(added);
    branches.show(reply?.messageIds[0] ?? leafId);
    try {
      const body = await this.track(
        request,
        persistently(() => submit(request)),
      );
      void streams.read(reply?.generationId ?? '', body);
    } catch (thrown) {
      for (const { generationId } of request.replies) streams.forget(generationId);
      branches.remove(
        added.map(({ id }) => id),
        leafId,
      );
      throw thrown;
    }
  }

  /** Folds the runs of these new messages from their first entry. */
  follow(added: readonly Message[]): void {
    for (const { generationId } of added) {
      if (generationId === undefined) continue;
      this.options.streams.begin(
        generationId,
        added.filter((message) => message.generationId === generationId),
      );
    }
  }

  /** Resolves once the request that starts this run was taken or refused. */
  async settled(generationId: string): Promise<void> {
    await this.find(generationId)?.settled;
  }

  isStarting(generationId: string): boolean {
    return this.find(generationId) !== undefined;
  }

  /** Whether this message is shown before the server has it. */
  hasMessage(messageId: string): boolean {
    return [...this.pending].some(({ request: { userMessage, replies } }) => {
      const isAnswer = replies.some(({ messageIds }) => messageIds.includes(messageId));
      return isAnswer || userMessage?.id === messageId;
    });
  }

  private async track<T>(request: StartReplies, submitting: Promise<T>): Promise<T> {
    const settled = submitting.then(
      () => undefined,
      () => undefined,
    );
    const pending = { request, settled };
    this.pending.add(pending);
    try {
      return await submitting;
    } finally {
      this.pending.delete(pending);
    }
  }

  private find(generationId: string): Pending | undefined {
    return [...this.pending].find(({ request }) =>
      request.replies.some((reply) => reply.generationId === generationId),
    );
  }
}

/** The same request again is the same run, so one that got no answer is repeated. */
async function persistently<T>(submit: () => Promise<T>): Promise<T> {
  for (const delayMs of retryDelaysMs) {
    try {
      return await submit();
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.wasAnswered) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return submit();
}
