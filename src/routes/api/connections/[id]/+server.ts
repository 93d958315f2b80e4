import { connectionChangesSchema } from '$lib/domain/connection-requests';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const PATCH = endpoint(
  { body: connectionChangesSchema, isForAdmins: true },
  ({ app, params, body, signal }) => app.connections.change(idParam(params), body, signal),
);

export const DELETE = endpoint({ isForAdmins: true }, ({ app, params }) =>
  app.connections.remove(idParam(params)),
);
