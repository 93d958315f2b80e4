import { parseCursors } from '$lib/server/http/cursor';
import { endpoint, idParam } from '$lib/server/http/endpoint';
import { eventStream } from '$lib/server/http/event-stream';

export const GET = endpoint({}, ({ app, owner, url }) => {
  const id = url.searchParams.get('conversation');
  const conversationId = id === null ? null : idParam({ id });
  const reader = new AbortController();
  const cursors = parseCursors(url.searchParams.get('cursor'));
  return eventStream(app.generations.events(owner, conversationId, cursors, reader.signal), () =>
    reader.abort(),
  );
});
