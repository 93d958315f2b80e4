import { json } from '@sveltejs/kit';
import { forkSchema } from '$lib/domain/requests';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: forkSchema }, async ({ app, owner, params, body }) => {
  const conversation = await app.messages.fork(owner, idParam(params), idParam(params, 'messageId'), body);
  return json(conversation, { status: 201 });
});
