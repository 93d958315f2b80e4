import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({}, ({ app }) => ({
  models: app.models.list(),
  defaultId: app.models.defaultId,
}));
