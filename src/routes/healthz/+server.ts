import { json } from '@sveltejs/kit';

/** The process answers; nothing else is looked at, so that a database that is away never restarts a server. */
export function GET(): Response {
  return json({ status: 'ok' });
}
