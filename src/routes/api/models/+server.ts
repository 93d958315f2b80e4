import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({}, ({ app, owner }) => ({
  models: app.models.list(owner),
  defaultId: app.models.defaultFor(owner),
}));
