import type { RequestEvent } from '@sveltejs/kit';

/** Whether the client of a request is still there. */
export interface Presence {
  /** Aborts when the client goes before it is answered. */
  signal: AbortSignal;
  /** To be called once the answer is known: the connection serves other requests after this one. */
  release: () => void;
}

/** Kit's own signal hears of a client that goes only until the body was read; the connection is asked instead. */
export function presenceOf({ platform, request }: Pick<RequestEvent, 'platform' | 'request'>): Presence {
  // Under `vite dev` nobody tells.
  if (!platform) return { signal: request.signal, release: () => undefined };
  const { socket } = platform.req;
  const gone = new AbortController();
  const onClose = () => gone.abort();
  if (socket.destroyed) onClose();
  else socket.once('close', onClose);
  return { signal: gone.signal, release: () => socket.off('close', onClose) };
}
