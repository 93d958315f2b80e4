import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint({}, ({ app, owner }) => app.collection.deleteAll(owner));
