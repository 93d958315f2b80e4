import { updateConversationSchema } from '$lib/domain/requests';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const GET = endpoint({}, ({ app, owner, params }) => app.generations.snapshot(owner, idParam(params)));

export const PATCH = endpoint(
  { body: updateConversationSchema, maxBodyBytes: 1_000_000 },
  ({ app, owner, params, body }) => app.conversations.update(owner, idParam(params), body),
);

export const DELETE = endpoint({}, ({ app, owner, params }) =>
  app.conversations.delete(owner, idParam(params)),
);
