import { endpoint } from '$lib/server/http/endpoint';
import { listedModels } from '$lib/server/http/model-lists';

export const GET = endpoint({}, ({ app, owner }) => ({
  models: listedModels(app.models.list(owner)),
  defaultId: app.models.defaultFor(owner),
}));
