import { maxFileBytes } from '$lib/domain/files';
import { endpoint } from '$lib/server/http/endpoint';
import { readUpload } from '$lib/server/http/uploads';

export const POST = endpoint({}, async ({ app, owner, url, request }) =>
  app.files.add(owner, await readUpload(request, url, maxFileBytes)),
);
