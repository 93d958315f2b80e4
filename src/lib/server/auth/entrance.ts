import type { Env } from '../config/env';
import { Attempts, networkOf } from './attempts';
import { isSameSecret, keyedDigest } from './secrets';

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

  /**
   * `name`, of the cookie: `token` is the one owner's, `admin` the administrator's. `secret`, of this instance: without it nobody
   * can make the cookie of a token that is guessed.
   */
  constructor(
    readonly token: string,
    readonly name: 'token' | 'admin',
    secret: string,
    private readonly attempts = new Attempts(),
  ) {
    this.cookie = keyedDigest(secret, `parlance ${name}:${token}`);
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
