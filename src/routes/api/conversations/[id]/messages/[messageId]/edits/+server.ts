import { json } from '@sveltejs/kit';
import { editAnswerSchema } from '$lib/domain/requests';
import { endpoint, idParam } from '$lib/server/http/endpoint';

/** Room for an answer of the greatest length in any script, and its JSON. */
const maxBodyBytes = 6_000_000;

export const POST = endpoint(
  { body: editAnswerSchema, maxBodyBytes },
  async ({ app, owner, params, body }) => {
    const message = await app.messages.editAnswer(owner, idParam(params), idParam(params, 'messageId'), body);
    return json(message, { status: 201 });
  },
);
