import { maxImportBytes } from '$lib/domain/portable';
import { portableDocumentSchema } from '$lib/domain/portable-schema';
import { endpoint } from '$lib/server/http/endpoint';

export const POST = endpoint(
  { body: portableDocumentSchema, maxBodyBytes: maxImportBytes },
  ({ app, owner, body }) => app.collection.import(owner, body.conversations),
);
