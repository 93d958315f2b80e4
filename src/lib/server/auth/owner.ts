import { redirect, type Cookies } from '@sveltejs/kit';
import { AppError } from '../../domain/errors';
import type { Env } from '../config/env';
import { digest, isSameSecret, randomSecret } from './secrets';

/** Of a request, what says whose it is. */
export interface Asking {
  url: URL;
  request: Request;
  cookies: Cookies;
  route: { id: string | null };
}

/** Who may be an owner here. */
export interface Access {
  access: Env['access'];
  /** What the one owner must know; absent: nothing is asked. */
  accessToken: string | undefined;
}

const yearSeconds = 365 * 24 * 60 * 60;
/** Routes that answer anybody, as nobody: an owner that has nothing. */
const openRoutes: ReadonlySet<string | null> = new Set(['/healthz', '/readyz', '/login']);
const nobody = '';

/**
 * Whose things a request sees. Sets the cookie that lets the next one in. Without the right token: the API throws
 * `unauthenticated`, and pages are redirected to the login page.
 */
export function resolveOwner(event: Asking, { access, accessToken }: Access): string {
  if (openRoutes.has(event.route.id)) return nobody;
  if (access === 'anonymous') return anonymousOwner(event);
  if (accessToken !== undefined) requireToken(event, accessToken);
  return 'single';
}

/** Lets this browser in from now on. */
export function signIn({ url, cookies }: Pick<Asking, 'url' | 'cookies'>, accessToken: string): void {
  setCookie(cookies, url, 'token', cookieOf(accessToken));
}

/** A place on this site to go on to; the front page for anything else. */
export function localPath(text: string | null): string {
  const base = 'http://local.invalid';
  if (text === null || !text.startsWith('/') || !URL.canParse(text, base)) return '/';
  const { origin, pathname, search } = new URL(text, base);
  return origin === base ? singleSlash(pathname) + search : '/';
}

function requireToken(event: Asking, accessToken: string): void {
  const { url, request, cookies, route } = event;
  const inUrl = url.searchParams.get('token');
  const isPage = !route.id?.startsWith('/api/') && request.method === 'GET';
  if (isPage && inUrl !== null && isSameSecret(inUrl, accessToken)) {
    signIn(event, accessToken);
    // Out of the address bar, of the history and of what people copy.
    const rest = new URL(url);
    rest.searchParams.delete('token');
    redirect(303, singleSlash(rest.pathname) + rest.search);
  }
  const bearer = /^Bearer (.+)$/iu.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined && isSameSecret(bearer, accessToken)) return;
  const kept = cookies.get(cookieName(url, 'token'));
  if (kept !== undefined && isSameSecret(kept, cookieOf(accessToken))) return;
  if (!isPage) throw new AppError('unauthenticated', 'This server asks for its access token.');
  const next = singleSlash(url.pathname);
  redirect(303, next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`);
}

function anonymousOwner({ url, cookies, request, route }: Asking): string {
  const name = cookieName(url, 'session');
  const kept = cookies.get(name);
  const isGood = kept !== undefined && /^[\w-]{43}$/u.test(kept);
  const session = isGood ? kept : randomSecret();
  const isPage = request.method === 'GET' && !route.id?.startsWith('/api/');
  // Again with each page, so that the year begins anew.
  if (!isGood || isPage) setCookie(cookies, url, 'session', session);
  return `anon:${digest(session)}`;
}

/** Not the token itself: what a browser gives away does not open the API of another. */
function cookieOf(accessToken: string): string {
  return digest(`parlance cookie:${accessToken}`);
}

function setCookie(cookies: Cookies, url: URL, kind: 'token' | 'session', value: string): void {
  cookies.set(cookieName(url, kind), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: url.protocol === 'https:',
    maxAge: yearSeconds,
  });
}

/** With the prefix, browsers take it over https only, for this host alone. Over plain http they would drop it. */
function cookieName(url: URL, kind: 'token' | 'session'): string {
  return url.protocol === 'https:' ? `__Host-parlance-${kind}` : `parlance-${kind}`;
}

/** A path that begins with two slashes would lead to another site. */
function singleSlash(path: string): string {
  return path.replace(/^[/\\]+/u, '/');
}
