import { isRedirect, type Cookies } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import { localPath, resolveOwner, signIn, type Asking } from './owner';

interface Kept {
  value: string;
  options: Parameters<Cookies['set']>[2];
}

/** A browser that keeps cookies. */
class Browser {
  readonly kept = new Map<string, Kept>();

  visit(address: string, { routeId = '/', method = 'GET', headers = {} }: VisitOptions = {}): Asking {
    return {
      url: new URL(address),
      request: new Request(address, { method, headers }),
      cookies: {
        get: (name: string) => this.kept.get(name)?.value,
        set: (name: string, value: string, options: Kept['options']) =>
          this.kept.set(name, { value, options }),
      } as unknown as Cookies,
      route: { id: routeId },
    };
  }
}

interface VisitOptions {
  routeId?: string | null;
  method?: string;
  headers?: Record<string, string>;
}

const token = 'correct-horse-battery';
const guarded = { access: 'single', accessToken: token } as const;
const anonymous = { access: 'anonymous', accessToken: undefined } as const;

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
    expect(
      resolveOwner(browser.visit('http://localhost/'), { access: 'single', accessToken: undefined }),
    ).toBe('single');
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
    signIn(browser.visit('http://10.0.0.2/'), token);
    const changed = { ...guarded, accessToken: 'another-horse-battery' };
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
