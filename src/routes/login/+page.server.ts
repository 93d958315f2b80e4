import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { Entrance } from '$lib/server/auth/entrance';
import { isSignedIn, localPath, signIn, tokenInUrl, tooManyWords } from '$lib/server/auth/owner';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
  const { access, entrance } = event.locals.access;
  if (!entrance) redirect(303, '/');
  const given = tokenInUrl(event);
  if (given !== undefined) enter(event, entrance, given);
  if (isSignedIn(event, entrance)) goOn(event);
  return { isShared: access === 'anonymous', ...(given !== undefined && refusal(event, entrance)) };
};

export const actions: Actions = {
  default: async (event) => {
    const { entrance } = event.locals.access;
    const given = (await event.request.formData()).get('token');
    if (!entrance) redirect(303, '/');
    if (typeof given === 'string') enter(event, entrance, given.trim());
    const { status, message } = refusal(event, entrance);
    return fail(status, { message });
  },
};

/** With the right token this goes on where the browser was. */
function enter(event: RequestEvent, entrance: Entrance, given: string): void {
  if (!entrance.opensFor(given, 'page', event.getClientAddress())) return;
  signIn(event, entrance);
  goOn(event);
}

function goOn({ url }: RequestEvent): never {
  redirect(303, localPath(url.searchParams.get('next')));
}

function refusal(event: RequestEvent, entrance: Entrance): { status: number; message: string } {
  const waitMs = entrance.waitMs('page', event.getClientAddress());
  if (waitMs > 0) return { status: 429, message: tooManyWords(waitMs) };
  return { status: 401, message: 'That is not the token. It stands in the message of the server’s start.' };
}
