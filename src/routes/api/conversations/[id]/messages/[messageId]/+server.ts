import { endpoint, idParam } from '$lib/server/http/endpoint';

export const DELETE = endpoint({}, ({ app, owner, params }) =>
  app.messages.delete(owner, idParam(params), idParam(params, 'messageId')),
);
