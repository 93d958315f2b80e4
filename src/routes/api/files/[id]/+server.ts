import { endpoint, idParam } from '$lib/server/http/endpoint';
import { fileResponse } from '$lib/server/http/uploads';

export const GET = endpoint({}, async ({ app, owner, params }) =>
  fileResponse(await app.files.get(owner, idParam(params))),
);
