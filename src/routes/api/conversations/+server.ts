import { createConversationSchema } from '$lib/domain/requests';
import { endpoint } from '$lib/server/http/endpoint';
import { json } from '@sveltejs/kit';

const defaultLimit = 50;

export const GET = endpoint({}, ({ app, owner, url }) => {
  const before = url.searchParams.get('before');
  const limit = Number(url.searchParams.get('limit') ?? defaultLimit) || defaultLimit;
  return app.conversations.list(owner, { limit, ...(before !== null && { before }) });
});

export const POST = endpoint({ body: createConversationSchema }, async ({ app, owner, body }) =>
  json(await app.conversations.create(owner, body), { status: 201 }),
);
