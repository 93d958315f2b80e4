import { error } from '@sveltejs/kit';
import { AppError } from '$lib/domain/errors';
import { idParam } from '$lib/server/http/endpoint';
import { modelsNamed } from '$lib/server/http/model-lists';
import type { PageServerLoad } from './$types';

/** A conversation with the text of its running answers so far, and where to go on from. */
export const load: PageServerLoad = async ({ locals, params }) => {
  try {
    const { conversation, messages, cursors } = await locals.app.generations.snapshot(
      locals.owner,
      idParam(params),
    );
    const modelIds = new Set([conversation.modelId, ...messages.flatMap(({ modelId }) => modelId ?? [])]);
    // Also those that are not listed: whoever has a conversation with one knows it.
    const models = modelsNamed(locals.app.models.list(locals.owner), [...modelIds]);
    return { opened: { conversation, messages, cursors }, models };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found')
      error(404, 'This conversation is not there.');
    throw thrown;
  }
};
