import { endpoint, idParam } from '$lib/server/http/endpoint';

export const POST = endpoint({}, ({ app, owner, params }) =>
  app.messages.restore(owner, idParam(params), idParam(params, 'messageId')),
);
