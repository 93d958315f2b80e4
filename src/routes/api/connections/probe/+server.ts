import { probeSchema } from '$lib/domain/connection-requests';
import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: probeSchema, isForAdmins: true }, ({ app, body, signal }) =>
  app.connections.probe(body, signal),
);
