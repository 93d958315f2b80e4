import { redirect, type Cookies } from '@sveltejs/kit';
import { AppError } from '../../domain/errors';
import { adminOwner, singleOwner } from './administrator';
import type { Access, Entrance } from './entrance';
import { digest, isSameSecret, randomSecret } from './secrets';

/** Of a request, what says whose it is. */
export interface Asking {
  url: URL;
  request: Request;
  cookies: Cookies;
  route: { id: string | null };
  getClientAddress: () => string;
}

const yearSeconds = 365 * 24 * 60 * 60;
/** Routes that answer anybody, as nobody: an owner that has nothing. */
const openRoutes: ReadonlySet<string | null> = new Set(['/healthz', '/readyz', '/login']);
const nobody = '';

/**
 * Whose things a request sees. Sets the cookie that lets the next one in. Without the right token, where one is asked: the
 * API throws `unauthenticated` or `rate-limited`, and pages are redirected to the login page.
 */
export function resolveOwner(event: Asking, { access, entrance }: Access): string {
  if (openRoutes.has(event.route.id)) return nobody;
  if (access === 'anonymous')
    return entrance && isSignedIn(event, entrance) ? adminOwner : anonymousOwner(event);
  if (entrance) requireToken(event, entrance);
  return singleOwner;
}

/** Whether this browser has signed in, or this program shows the token. */
export function isSignedIn(event: Omit<Asking, 'route'>, entrance: Entrance): boolean {
  const kept = event.cookies.get(cookieName(event.url, entrance.name));
  if (kept !== undefined && isSameSecret(kept, entrance.cookie)) return true;
  const bearer = bearerOf(event.request);
  return bearer !== undefined && entrance.opensFor(bearer, 'bearer', event.getClientAddress());
}

/** Lets this browser in from now on. */
export function signIn({ url, cookies }: Pick<Asking, 'url' | 'cookies'>, entrance: Entrance): void {
  setCookie(cookies, url, entrance.name, entrance.cookie);
}

/** Takes that back. Its own session, on a shared server, has stayed. */
export function signOut({ url, cookies }: Pick<Asking, 'url' | 'cookies'>, entrance: Entrance): void {
  setCookie(cookies, url, entrance.name, '', 0);
}

/**
 * The token that the address of a page brings along. Undefined also for what a page of another site fetches without being left,
 * such as its pictures: its wrong tokens would make somebody wait who has typed none.
 */
export function tokenInUrl({ url, request }: Pick<Asking, 'url' | 'request'>): string | undefined {
  const site = request.headers.get('sec-fetch-site');
  const isOfOthers = site === 'cross-site' || site === 'same-site';
  if (request.method !== 'GET') return undefined;
  if (isOfOthers && request.headers.get('sec-fetch-dest') !== 'document') return undefined;
  return url.searchParams.get('token') ?? undefined;
}

/** A place on this site to go on to; the front page for anything else. */
export function localPath(text: string | null): string {
  const base = 'http://local.invalid';
  if (text === null || !text.startsWith('/') || !URL.canParse(text, base)) return '/';
  const { origin, pathname, search } = new URL(text, base);
  return origin === base ? singleSlash(pathname) + search : '/';
}

function requireToken(event: Asking, entrance: Entrance): void {
  const { url, request, route } = event;
  const isPage = !route.id?.startsWith('/api/') && request.method === 'GET';
  const inUrl = isPage ? tokenInUrl(event) : undefined;
  if (inUrl !== undefined && entrance.opensFor(inUrl, 'page', event.getClientAddress())) {
    signIn(event, entrance);
    // Out of the address bar, of the history and of what people copy.
    const rest = new URL(url);
    rest.searchParams.delete('token');
    redirect(303, singleSlash(rest.pathname) + rest.search);
  }
  if (isSignedIn(event, entrance)) return;
  if (!isPage) throw refusal(event, entrance);
  const next = singleSlash(url.pathname);
  redirect(303, next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`);
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer (.+)$/iu.exec(request.headers.get('authorization') ?? '')?.[1];
}

function refusal({ request, getClientAddress }: Asking, entrance: Entrance): AppError {
  const waitMs = bearerOf(request) === undefined ? 0 : entrance.waitMs('bearer', getClientAddress());
  if (waitMs === 0) return new AppError('unauthenticated', 'This server asks for its access token.');
  return new AppError('rate-limited', tooManyWords(waitMs));
}

/** What somebody is told who was wrong too often. */
export function tooManyWords(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1000);
  return `Too many wrong tokens came from your address. Try again in ${String(seconds)} ${seconds === 1 ? 'second' : 'seconds'}.`;
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

type CookieKind = 'session' | Entrance['name'];

function setCookie(cookies: Cookies, url: URL, kind: CookieKind, value: string, maxAge = yearSeconds): void {
  cookies.set(cookieName(url, kind), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: url.protocol === 'https:',
    maxAge,
  });
}

/** With the prefix, browsers take it over https only, for this host alone. Over plain http they would drop it. */
function cookieName(url: URL, kind: CookieKind): string {
  return url.protocol === 'https:' ? `__Host-parlance-${kind}` : `parlance-${kind}`;
}

/** A path that begins with two slashes would lead to another site. */
function singleSlash(path: string): string {
  return path.replace(/^[/\\]+/u, '/');
}
