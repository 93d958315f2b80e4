import { modelTestSchema } from '$lib/domain/connection-requests';
import { connectionsOf } from '$lib/server/http/connections';
import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: modelTestSchema }, ({ app, body, signal }) =>
  connectionsOf(app).test(body, signal),
);
