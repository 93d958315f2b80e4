import { endpoint } from '$lib/server/http/endpoint';
import { logoResponse } from '$lib/server/http/logo';

export const GET = endpoint({}, ({ app, owner, params, url, request }) =>
  logoResponse(app.models.logo(params.id ?? '', owner), url, request),
);
