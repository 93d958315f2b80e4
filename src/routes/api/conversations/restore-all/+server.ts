import { restoreAllSchema } from '$lib/domain/requests';
import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: restoreAllSchema }, ({ app, owner, body }) =>
  app.collection.restoreAll(owner, body.deletedAt),
);
