import type { StartReplies } from '../domain/requests';
import { ApiError } from './api';

const retryDelaysMs = [400, 1500];

interface Pending {
  request: StartReplies;
  /** Resolves once it was taken or refused. */
  settled: Promise<void>;
}

/** The requests for answers that the server has neither taken nor refused yet. */
export class Starts {
  private readonly pending = new Set<Pending>();

  /**
   * Submits a request. The same request again is the same run, so one that got no answer is repeated; throws what
   * `submit` throws when the server refuses it, or cannot be reached in the end.
   */
  async submit<T>(request: StartReplies, submit: () => Promise<T>): Promise<T> {
    const submitting = persistently(submit);
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

  private find(generationId: string): Pending | undefined {
    return [...this.pending].find(({ request }) =>
      request.replies.some((reply) => reply.generationId === generationId),
    );
  }
}

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
