import { probeSchema } from '$lib/domain/connection-requests';
import { connectionsOf } from '$lib/server/http/connections';
import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: probeSchema }, ({ app, body, signal }) =>
  connectionsOf(app).probe(body, signal),
);
