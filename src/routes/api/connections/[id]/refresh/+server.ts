import { endpoint, idParam } from '$lib/server/http/endpoint';

export const POST = endpoint({ isForAdmins: true }, ({ app, params, signal }) =>
  app.connections.refresh(idParam(params), signal),
);
