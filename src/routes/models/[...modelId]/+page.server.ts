import { error } from '@sveltejs/kit';
import { modelsNamed } from '$lib/server/http/model-lists';
import type { PageServerLoad } from './$types';

/** A model, listed or not, and those that replaced it. */
export const load: PageServerLoad = ({ locals, params }) => {
  const models = modelsNamed(locals.app.models.list(locals.owner), [params.modelId]);
  const [model] = models;
  if (!model) error(404, `This server has no model “${params.modelId}”.`);
  return { model, models };
};
