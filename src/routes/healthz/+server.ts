/** The process answers; nothing else is looked at, so that a database that is away never restarts a server. */
export function GET(): Response {
  return Response.json({ status: 'ok' });
}
