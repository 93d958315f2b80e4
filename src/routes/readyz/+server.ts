import { json, type RequestHandler } from '@sveltejs/kit';

/** Whether people should be sent here: storage answers and no model is still loading. */
export const GET: RequestHandler = async ({ locals }) => {
  const readiness = await locals.app.readiness();
  return json(readiness, { status: readiness.isReady ? 200 : 503 });
};
