import { modelTestSchema } from '$lib/domain/connection-requests';
import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: modelTestSchema, isForAdmins: true }, ({ app, body, signal }) =>
  app.connections.test(body, signal),
);
