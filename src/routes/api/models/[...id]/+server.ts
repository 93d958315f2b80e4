import { endpoint } from '$lib/server/http/endpoint';

/** One model, listed or not. */
export const GET = endpoint({}, ({ app, params }) => app.models.get(params.id ?? '').summary());
