import { endpoint, idParam } from '$lib/server/http/endpoint';

export const POST = endpoint({}, ({ app, owner, params }) =>
  app.conversations.markRead(owner, idParam(params)),
);
