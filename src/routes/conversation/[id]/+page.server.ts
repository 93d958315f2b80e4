import { error } from '@sveltejs/kit';
import { AppError } from '$lib/domain/errors';
import { idParam } from '$lib/server/http/endpoint';
import type { PageServerLoad } from './$types';

/** A conversation with the text of its running answers so far, and where to go on from. */
export const load: PageServerLoad = async ({ locals, params }) => {
  try {
    const { conversation, messages, cursors } = await locals.app.generations.snapshot(
      locals.owner,
      idParam(params),
    );
    return { opened: { conversation, messages, cursors } };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found')
      error(404, 'This conversation is not there.');
    throw thrown;
  }
};
