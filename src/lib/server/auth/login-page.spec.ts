import { isRedirect, type RequestEvent } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import { actions, load } from '../../../routes/login/+page.server';
import { POST as logout } from '../../../routes/logout/+server';
import { Attempts } from './attempts';
import { Entrance, type Access } from './entrance';

const token = 'correct-horse-battery';

/** A browser at the login page of a shared server, whose clock stands still until it is moved. */
function visitor(query = '') {
  const clock = { ms: 1_000_000 };
  const limits = { free: 2, firstWaitMs: 1500, longestWaitMs: 9000, forgetAfterMs: 1e6, maxPlaces: 9 };
  const attempts = new Attempts(limits, () => clock.ms);
  const entrance = new Entrance(token, 'admin', 'of the instance', attempts);
  const access: Access = { access: 'anonymous', entrance };
  const kept = new Map<string, string>();
  const event = (given?: string, search = query): RequestEvent => {
    const url = new URL(`http://chat/login${search}`);
    const body = new FormData();
    if (given !== undefined) body.set('token', given);
    return {
      url,
      request: new Request(url, given === undefined ? {} : { method: 'POST', body }),
      cookies: {
        get: (name: string) => kept.get(name),
        set: (name: string, value: string, { maxAge }: { maxAge: number }) =>
          maxAge === 0 ? kept.delete(name) : kept.set(name, value),
      },
      locals: { access },
      getClientAddress: () => '10.0.0.9',
    } as unknown as RequestEvent;
  };
  const answer = async (run: () => unknown): Promise<unknown> => {
    try {
      return await run();
    } catch (thrown) {
      if (isRedirect(thrown)) return thrown.location;
      throw thrown;
    }
  };
  const open = (search?: string, of = access) =>
    answer(() =>
      load(Object.assign(event(undefined, search), { locals: { access: of } }) as Parameters<typeof load>[0]),
    );
  const submit = (given: string) =>
    answer(() => actions.default?.(event(given) as Parameters<NonNullable<typeof actions.default>>[0]));
  /** The page that answers a refused form is loaded within the same request. */
  const reload = (given: string) => answer(() => load(event(given) as unknown as Parameters<typeof load>[0]));
  const leave = () => answer(() => logout(event() as Parameters<typeof logout>[0]));
  return { clock, kept, open, submit, reload, leave };
}

describe('the login page of a shared server', () => {
  it('lets in whoever has the token, back to where they were', async () => {
    const { kept, open, submit, leave } = visitor('?next=/models/a%3Fx=1');
    expect(await open()).toEqual({ isShared: true });
    expect(await submit(` ${token}\n`)).toBe('/models/a?x=1');
    expect([...kept.keys()]).toEqual(['parlance-admin']);
    expect(await open()).toBe('/models/a?x=1');
    expect(await leave()).toBe('/');
    expect(kept.size).toBe(0);
    expect(await open()).toEqual({ isShared: true });
  });

  it('takes the token from its address, once, and goes to no other site', async () => {
    const { kept, open } = visitor();
    expect(await open('?token=wrong')).toMatchObject({
      status: 401,
      message: expect.stringContaining('not'),
    });
    expect(kept.size).toBe(0);
    expect(await open(`?token=${token}&next=//evil.example/`)).toBe('/');
    expect(kept.size).toBe(1);
  });

  it('looks at nothing for a while after some wrong tokens, and says how long', async () => {
    const { clock, kept, submit, open } = visitor();
    expect(await submit('wrong')).toMatchObject({ status: 401 });
    await submit('wrong');
    const message = expect.stringMatching(/^Too many .* in 2 seconds\.$/u) as string;
    expect(await submit(token)).toMatchObject({ status: 429, data: { message } });
    expect(await open(`?token=${token}`)).toMatchObject({ status: 429, message });
    expect(kept.size).toBe(0);
    clock.ms += 1500;
    expect(await submit(token)).toBe('/');
  });

  it('counts a wrong token once, whatever the address of the form says', async () => {
    const { submit, reload } = visitor('?token=wrong');
    expect(await submit('wrong')).toMatchObject({ status: 401 });
    expect(await reload('wrong')).toEqual({ isShared: true });
    expect(await submit(token)).toBe('/');
  });

  it('is not there where nobody can be the administrator', async () => {
    expect(await visitor().open('', { access: 'anonymous', entrance: undefined })).toBe('/');
  });
});
