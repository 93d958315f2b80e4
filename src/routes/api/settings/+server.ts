import { ownerSettingsChangesSchema } from '$lib/domain/requests';
import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({}, ({ app, owner }) => app.settings.get(owner));

export const PATCH = endpoint(
  { body: ownerSettingsChangesSchema, maxBodyBytes: 1_000_000 },
  ({ app, owner, body }) => app.settings.update(owner, body),
);
