import { endpoint, idParam } from '$lib/server/http/endpoint';

export const GET = endpoint({}, ({ app, owner, params }) => app.prompts.exact(owner, idParam(params)));
