import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({}, async ({ app, owner }) => ({ count: await app.collection.count(owner) }));
