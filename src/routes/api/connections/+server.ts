import { newConnectionSchema } from '$lib/domain/connection-requests';
import { connectionsOf } from '$lib/server/http/connections';
import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({}, ({ app }) => ({ connections: connectionsOf(app).list() }));

export const POST = endpoint({ body: newConnectionSchema }, ({ app, body, signal }) =>
  connectionsOf(app).add(body, signal),
);
