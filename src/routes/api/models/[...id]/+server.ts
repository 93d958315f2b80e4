import { AppError } from '$lib/domain/errors';
import { endpoint } from '$lib/server/http/endpoint';
import { modelsNamed } from '$lib/server/http/model-lists';

/** One model, listed or not. */
export const GET = endpoint({}, ({ app, owner, params: { id = '' } }) => {
  const [model] = modelsNamed(app.models.list(owner), [id]);
  if (!model) throw new AppError('not-found', `This server has no model "${id}".`);
  return model;
});
