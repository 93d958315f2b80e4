import { redirect, type RequestHandler } from '@sveltejs/kit';
import { signOut } from '$lib/server/auth/owner';

/** For a form: the page that follows is of whoever this browser is now. */
export const POST: RequestHandler = ({ url, cookies, locals }) => {
  const { entrance } = locals.access;
  if (entrance) signOut({ url, cookies }, entrance);
  redirect(303, '/');
};
