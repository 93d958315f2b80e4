import { connectionsOf } from '$lib/server/http/connections';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const POST = endpoint({}, ({ app, params, signal }) =>
  connectionsOf(app).refresh(idParam(params), signal),
);
