import { connectionChangesSchema } from '$lib/domain/connection-requests';
import { connectionsOf } from '$lib/server/http/connections';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const PATCH = endpoint({ body: connectionChangesSchema }, ({ app, params, body, signal }) =>
  connectionsOf(app).change(idParam(params), body, signal),
);

export const DELETE = endpoint({}, ({ app, params }) => connectionsOf(app).remove(idParam(params)));
