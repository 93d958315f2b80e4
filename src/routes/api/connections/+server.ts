import { newConnectionSchema } from '$lib/domain/connection-requests';
import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({ isForAdmins: true }, ({ app }) => ({ connections: app.connections.list() }));

export const POST = endpoint({ body: newConnectionSchema, isForAdmins: true }, ({ app, body, signal }) =>
  app.connections.add(body, signal),
);
