import { startRepliesSchema } from '$lib/domain/requests';
import { endpoint, idParam } from '$lib/server/http/endpoint';
import { eventStream } from '$lib/server/http/event-stream';

/** Room for a message of the greatest length in any script, and its JSON. */
const maxBodyBytes = 6_000_000;

export const POST = endpoint(
  { body: startRepliesSchema, maxBodyBytes },
  async ({ app, owner, params, body }) => {
    const started = await app.generations.start(owner, idParam(params), body);
    // The reader may go; the runs stay.
    const reader = new AbortController();
    const cursors = started.map(({ id }) => ({ generationId: id, seq: 0 }));
    return eventStream(app.generations.follow(owner, cursors, reader.signal), () => reader.abort());
  },
);
