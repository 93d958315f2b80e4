import { isRedirect, type Cookies } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import { Attempts } from './attempts';
import { Entrance, type Access } from './entrance';
import { localPath, resolveOwner, signIn, signOut, type Asking } from './owner';

interface Kept {
  value: string;
  options: Parameters<Cookies['set']>[2];
}

/** A browser that keeps cookies. */
class Browser {
  readonly kept = new Map<string, Kept>();
  address = '10.0.0.9';

  visit(address: string, { routeId = '/', method = 'GET', headers = {} }: VisitOptions = {}): Asking {
    return {
      url: new URL(address),
      request: new Request(address, { method, headers }),
      cookies: {
        get: (name: string) => this.kept.get(name)?.value,
        set: (name: string, value: string, options: Kept['options']) =>
          options.maxAge === 0 ? this.kept.delete(name) : this.kept.set(name, { value, options }),
      } as unknown as Cookies,
      route: { id: routeId },
      getClientAddress: () => this.address,
    };
  }
}

interface VisitOptions {
  routeId?: string | null;
  method?: string;
  headers?: Record<string, string>;
}

const token = 'correct-horse-battery';
const secret = 'of the instance';
const ownersEntrance = (of: string, attempts?: Attempts) => new Entrance(of, 'token', secret, attempts);
const guarded: Access = { access: 'single', entrance: ownersEntrance(token, unbounded()) };
const anonymous: Access = { access: 'anonymous', entrance: undefined };

/** Counts, and lets nobody wait. */
function unbounded(): Attempts {
  return new Attempts({ free: 1e9, firstWaitMs: 0, longestWaitMs: 0, forgetAfterMs: 1e9, maxPlaces: 10 });
}

function redirectOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (isRedirect(thrown)) return thrown.location;
    throw thrown;
  }
  throw new Error('It did not redirect.');
}

describe('single', () => {
  it('is one owner without a question where nobody else can come', () => {
    const browser = new Browser();
    expect(resolveOwner(browser.visit('http://localhost/'), { access: 'single', entrance: undefined })).toBe(
      'single',
    );
    expect(browser.kept.size).toBe(0);
  });

  it('takes the token from the address once, and out of it', () => {
    const browser = new Browser();
    const visit = browser.visit(`http://10.0.0.2/conversation/1?token=${token}&x=1`);
    expect(redirectOf(() => resolveOwner(visit, guarded))).toBe('/conversation/1?x=1');
    const [name, kept] = [...browser.kept][0] ?? [];
    expect(name).toBe('parlance-token');
    expect(kept?.value).not.toContain(token);
    expect(kept?.options).toMatchObject({ httpOnly: true, sameSite: 'lax', secure: false, path: '/' });
    expect(resolveOwner(browser.visit('http://10.0.0.2/'), guarded)).toBe('single');
    expect(resolveOwner(browser.visit('http://10.0.0.2/api/x', { routeId: '/api/x' }), guarded)).toBe(
      'single',
    );
  });

  it('forgets browsers when the token changes', () => {
    const browser = new Browser();
    signIn(browser.visit('http://10.0.0.2/'), ownersEntrance(token));
    const changed: Access = { ...guarded, entrance: ownersEntrance('another-horse-battery') };
    expect(redirectOf(() => resolveOwner(browser.visit('http://10.0.0.2/'), changed))).toBe('/login');
  });

  it('takes it from programs as a bearer, or not at all', () => {
    const ask = (authorization: string) => {
      const visit = new Browser().visit('http://10.0.0.2/api/models', {
        routeId: '/api/models',
        headers: { authorization },
      });
      return resolveOwner(visit, guarded);
    };
    expect(ask(`Bearer ${token}`)).toBe('single');
    expect(ask(`bearer ${token}`)).toBe('single');
    for (const bad of ['', 'Bearer ', 'Bearer x', `Basic ${token}`, `Bearer ${token}x`, token]) {
      expect(() => ask(bad)).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
    }
  });

  it('sends pages to the login page, and tells the API', () => {
    const browser = new Browser();
    const place = (address: string, options?: VisitOptions) =>
      redirectOf(() => resolveOwner(browser.visit(address, options), guarded));
    expect(place('http://10.0.0.2/')).toBe('/login');
    expect(place('http://10.0.0.2/conversation/1?token=wrong')).toBe('/login?next=%2Fconversation%2F1');
    expect(place('http://10.0.0.2/nowhere', { routeId: null })).toBe('/login?next=%2Fnowhere');
    for (const options of [
      { routeId: '/api/models' },
      { routeId: '/', method: 'POST' },
      { routeId: '/api/models', method: 'DELETE' },
    ]) {
      const visit = browser.visit(`http://10.0.0.2/api/models?token=${token}`, options);
      expect(() => resolveOwner(visit, guarded)).toThrow(
        expect.objectContaining({ code: 'unauthenticated' }),
      );
    }
    expect(browser.kept.size).toBe(0);
  });

  it('redirects to no other site', () => {
    const visit = new Browser().visit(`http://10.0.0.2//evil.example/?token=${token}`);
    expect(redirectOf(() => resolveOwner(visit, guarded))).toBe('/evil.example/');
  });
});

describe('guesses', () => {
  const ask = (browser: Browser, access: Access, given: string) => {
    const headers = { authorization: `Bearer ${given}` };
    return resolveOwner(browser.visit('http://chat/api/models', { routeId: '/api/models', headers }), access);
  };

  it('are not looked at while their address waits; others and who is signed in are not held up', () => {
    const access: Access = { access: 'single', entrance: ownersEntrance(token) };
    const guesser = new Browser();
    for (let count = 0; count < 5; count += 1)
      expect(() => ask(guesser, access, `guess-${String(count)}-guess`)).toThrow();
    expect(() => ask(guesser, access, token)).toThrow(expect.objectContaining({ code: 'rate-limited' }));
    expect(redirectOf(() => resolveOwner(guesser.visit(`http://chat/?token=${token}`), access))).toBe('/');
    expect(resolveOwner(guesser.visit('http://chat/'), access)).toBe('single');
    const other = Object.assign(new Browser(), { address: '10.0.0.10' });
    expect(ask(other, access, token)).toBe('single');
  });

  it('in addresses are held up as well', () => {
    const access: Access = { access: 'single', entrance: ownersEntrance(token) };
    const guesser = new Browser();
    for (const given of ['a', 'b', 'c', 'd', 'e', token])
      expect(redirectOf(() => resolveOwner(guesser.visit(`http://chat/?token=${given}`), access))).toBe(
        '/login',
      );
    expect(guesser.kept.size).toBe(0);
  });

  it('that a page of another site fetches count for nobody; its links may bring the token along', () => {
    const access: Access = { access: 'single', entrance: ownersEntrance(token) };
    const browser = new Browser();
    const fetch = (given: string, dest: string) => {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': dest };
      return redirectOf(() =>
        resolveOwner(browser.visit(`http://chat/?token=${given}`, { headers }), access),
      );
    };
    for (const given of ['a', 'b', 'c', 'd', 'e', 'f', token]) expect(fetch(given, 'image')).toBe('/login');
    expect(browser.kept.size).toBe(0);
    expect(fetch(token, 'document')).toBe('/');
    expect([...browser.kept.keys()]).toEqual(['parlance-token']);
  });
});

describe('the administrator of a shared server', () => {
  const entrance = new Entrance(token, 'admin', secret, unbounded());
  const shared: Access = { access: 'anonymous', entrance };
  const atApi = (headers = {}) => ({ routeId: '/api/models', headers });

  it('is whoever has signed in, in every browser, and again whoever it was after signing out', () => {
    const [one, other] = [new Browser(), new Browser()];
    const before = resolveOwner(one.visit('http://chat/'), shared);
    expect(before).toMatch(/^anon:/u);
    for (const browser of [one, other]) {
      signIn(browser.visit('http://chat/login', { routeId: '/login' }), entrance);
      expect(resolveOwner(browser.visit('http://chat/'), shared)).toBe('admin');
      expect(resolveOwner(browser.visit('http://chat/api/models', atApi()), shared)).toBe('admin');
    }
    signOut(one.visit('http://chat/logout', { routeId: '/logout', method: 'POST' }), entrance);
    expect(resolveOwner(one.visit('http://chat/'), shared)).toBe(before);
    expect(resolveOwner(other.visit('http://chat/'), shared)).toBe('admin');
  });

  it.each([
    ['http://chat/', 'parlance-admin', false],
    ['https://chat/', '__Host-parlance-admin', true],
  ])('has at %s the cookie %s, which is not the token', (address, name, secure) => {
    const browser = new Browser();
    signIn(browser.visit(address), entrance);
    const kept = browser.kept.get(name);
    expect(browser.kept.size).toBe(1);
    expect(kept?.value).not.toContain(token);
    expect(kept?.options).toMatchObject({ httpOnly: true, sameSite: 'lax', secure, path: '/' });
    expect(resolveOwner(browser.visit(address), shared)).toBe('admin');
    signOut(browser.visit(address), entrance);
    expect(browser.kept.has(name)).toBe(false);
  });

  it('is not whoever shows something else: another token’s cookie, the owner’s, the token itself', () => {
    const cookies = [
      new Entrance('another-horse-battery', 'admin', secret).cookie,
      new Entrance(token, 'admin', 'of another').cookie,
      ownersEntrance(token).cookie,
      token,
      '',
    ];
    for (const value of cookies) {
      const browser = new Browser();
      for (const name of ['parlance-admin', 'parlance-token', 'parlance-session'])
        browser.kept.set(name, { value, options: { path: '/' } });
      expect(resolveOwner(browser.visit('http://chat/'), shared)).toMatch(/^anon:/u);
    }
  });

  it('is a program with the token, and only at the login page is the token taken from an address', () => {
    const visit = (headers: Record<string, string>) =>
      resolveOwner(new Browser().visit('http://chat/api/models', atApi(headers)), shared);
    expect(visit({ authorization: `Bearer ${token}` })).toBe('admin');
    for (const authorization of ['Bearer x', `Basic ${token}`, `Bearer ${token}x`])
      expect(visit({ authorization })).toMatch(/^anon:/u);
    const browser = new Browser();
    expect(resolveOwner(browser.visit(`http://chat/?token=${token}`), shared)).toMatch(/^anon:/u);
    expect([...browser.kept.keys()]).toEqual(['parlance-session']);
  });

  it('is nobody where there is none', () => {
    const browser = new Browser();
    signIn(browser.visit('http://chat/'), entrance);
    expect(resolveOwner(browser.visit('http://chat/'), anonymous)).toMatch(/^anon:/u);
  });
});

describe('anonymous', () => {
  it('gives each browser an owner of its own that stays', () => {
    const [one, other] = [new Browser(), new Browser()];
    const first = resolveOwner(one.visit('http://chat/'), anonymous);
    expect(first).toMatch(/^anon:[\w-]{43}$/u);
    expect(resolveOwner(one.visit('http://chat/api/x', { routeId: '/api/x' }), anonymous)).toBe(first);
    expect(resolveOwner(other.visit('http://chat/'), anonymous)).not.toBe(first);
    const kept = one.kept.get('parlance-session');
    expect(first).not.toContain(kept?.value);
    expect(kept?.options).toMatchObject({
      httpOnly: true,
      sameSite: 'lax',
      secure: false,
      maxAge: 31_536_000,
    });
  });

  it('is bound to the host and to https where there is https', () => {
    const browser = new Browser();
    resolveOwner(browser.visit('https://chat/'), anonymous);
    expect([...browser.kept.keys()]).toEqual(['__Host-parlance-session']);
    expect(browser.kept.get('__Host-parlance-session')?.options).toMatchObject({ secure: true, path: '/' });
  });

  it('takes no session that somebody chose', () => {
    const browser = new Browser();
    browser.kept.set('parlance-session', { value: 'chosen', options: { path: '/' } });
    resolveOwner(browser.visit('http://chat/'), anonymous);
    expect(browser.kept.get('parlance-session')?.value).toMatch(/^[\w-]{43}$/u);
  });
});

it.each(['/healthz', '/readyz', '/login'])('answers anybody at %s, as nobody', (routeId) => {
  const browser = new Browser();
  for (const access of [guarded, anonymous]) {
    expect(resolveOwner(browser.visit(`http://chat${routeId}`, { routeId }), access)).toBe('');
  }
  expect(browser.kept.size).toBe(0);
});

it.each([
  ['/conversation/1?x=1', '/conversation/1?x=1'],
  [null, '/'],
  ['', '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['/\t/evil.example/', '/'],
  ['/.//evil.example', '/evil.example'],
  ['javascript:alert(1)', '/'],
])('goes on to %s as %s', (text, path) => {
  expect(localPath(text)).toBe(path);
});
