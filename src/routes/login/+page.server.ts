import { fail, redirect } from '@sveltejs/kit';
import { localPath, signIn } from '$lib/server/auth/owner';
import { isSameSecret } from '$lib/server/auth/secrets';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (locals.accessToken === undefined) redirect(303, '/');
};

export const actions: Actions = {
  default: async ({ request, cookies, url, locals }) => {
    const { accessToken } = locals;
    const given = (await request.formData()).get('token');
    if (accessToken === undefined) redirect(303, '/');
    if (typeof given !== 'string' || !isSameSecret(given.trim(), accessToken)) {
      return fail(401, { message: 'That is not the token. It stands in the message of the server’s start.' });
    }
    signIn({ url, cookies }, accessToken);
    redirect(303, localPath(url.searchParams.get('next')));
  },
};
