import type { Env } from '../config/env';
import { Attempts, networkOf } from './attempts';
import { digest, isSameSecret, keyedDigest } from './secrets';

/** Who may be an owner here. */
export interface Access {
  readonly access: Env['access'];
  /** Absent: the one owner is asked for nothing; of a shared server, nobody is the administrator. */
  readonly entrance: Entrance | undefined;
}

/** Where a token came from; wrong ones are counted apart, since some proxies put a bearer of their own into every request. */
export type TokenSource = 'page' | 'bearer';

/** What a browser or a program shows to be the one owner, or the administrator of a shared server. */
export class Entrance {
  /** Not the token itself: what a browser gives away does not open the API of another. */
  readonly cookie: string;
  /** Of the cookie. */
  readonly name: 'token' | 'admin';

  /** `secret`, of this instance: without it nobody can make the cookie of a token that is guessed. */
  constructor(
    readonly token: string,
    options: { for: 'owner' } | { for: 'administrator'; secret: string },
    private readonly attempts = new Attempts(),
  ) {
    const isOwners = options.for === 'owner';
    this.name = isOwners ? 'token' : 'admin';
    this.cookie = isOwners
      ? digest(`parlance cookie:${token}`)
      : keyedDigest(options.secret, `parlance administrator:${token}`);
  }

  /** Whether this is the token. While an address has to wait, nothing is; a place that was wrong is remembered. */
  opensFor(given: string, source: TokenSource, address: string): boolean {
    const place = `${source} ${networkOf(address)}`;
    if (this.attempts.waitMs(place) > 0) return false;
    const isRight = isSameSecret(given, this.token);
    if (isRight) this.attempts.forget(place);
    else this.attempts.note(place);
    return isRight;
  }

  /** Milliseconds until a token from there is looked at again; 0: at once. */
  waitMs(source: TokenSource, address: string): number {
    return this.attempts.waitMs(`${source} ${networkOf(address)}`);
  }
}
