import { endpoint } from '$lib/server/http/endpoint';
import { listedModels } from '$lib/server/http/model-lists';

export const GET = endpoint({}, ({ app }) => ({
  models: listedModels(app.models),
  defaultId: app.models.defaultId,
}));
