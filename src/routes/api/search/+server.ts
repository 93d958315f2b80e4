import { endpoint } from '$lib/server/http/endpoint';

const defaultLimit = 20;

export const GET = endpoint({}, ({ app, owner, url }) => {
  const before = url.searchParams.get('before');
  const limit = Number(url.searchParams.get('limit') ?? defaultLimit) || defaultLimit;
  return app.conversations.search(owner, url.searchParams.get('q') ?? '', {
    limit,
    ...(before !== null && { before }),
  });
});
