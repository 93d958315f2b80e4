import { stopSchema } from '$lib/domain/requests';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const POST = endpoint({ body: stopSchema }, ({ app, owner, params, body }) =>
  app.generations.stop(owner, idParam(params), body.throughSeq),
);
