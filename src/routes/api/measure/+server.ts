import { measureSchema } from '$lib/domain/requests';
import { endpoint } from '$lib/server/http/endpoint';

/** As for the message itself. */
const maxBodyBytes = 6_000_000;

export const POST = endpoint({ body: measureSchema, maxBodyBytes }, ({ app, owner, body }) =>
  app.prompts.measure(owner, body),
);
