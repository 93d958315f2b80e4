import { isIPv6 } from 'node:net';

export interface AttemptLimits {
  /** Wrong ones that cost nothing. */
  free: number;
  /** After the first one more; doubled with each that follows. */
  firstWaitMs: number;
  longestWaitMs: number;
  /** Without an attempt, after which a place begins anew. */
  forgetAfterMs: number;
  /** Places that are remembered; of more, those that were quiet the longest are forgotten. */
  maxPlaces: number;
}

const usualLimits: AttemptLimits = {
  free: 5,
  firstWaitMs: 1000,
  longestWaitMs: 60_000,
  forgetAfterMs: 15 * 60_000,
  maxPlaces: 10_000,
};

interface Record {
  wrong: number;
  lastAt: number;
}

/** Slows down whoever guesses a secret: after some that were wrong a place waits, longer each time. Of this process alone. */
export class Attempts {
  /** What was quiet the longest comes first. */
  private readonly places = new Map<string, Record>();

  constructor(
    private readonly limits: AttemptLimits = usualLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Milliseconds until this place may try again; 0: at once. */
  waitMs(place: string): number {
    const { free, firstWaitMs, longestWaitMs, forgetAfterMs } = this.limits;
    const { wrong, lastAt } = this.places.get(place) ?? { wrong: 0, lastAt: 0 };
    const quietMs = this.now() - lastAt;
    if (wrong < free || quietMs >= forgetAfterMs) return 0;
    return Math.max(0, Math.min(longestWaitMs, firstWaitMs * 2 ** (wrong - free)) - quietMs);
  }

  /** One was wrong. */
  note(place: string): void {
    const former = this.places.get(place);
    const lastAt = this.now();
    const isOld = !former || lastAt - former.lastAt >= this.limits.forgetAfterMs;
    this.places.delete(place);
    this.places.set(place, { wrong: isOld ? 1 : former.wrong + 1, lastAt });
    const oldest = this.places.size > this.limits.maxPlaces && this.places.keys().next().value;
    if (typeof oldest === 'string') this.places.delete(oldest);
  }

  /** One was right. */
  forget(place: string): void {
    this.places.delete(place);
  }
}

/** What stands for an address: of IPv6 the first 64 bits, since one customer has all that begin with them. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '');
  if (!isIPv6(plain)) return plain;
  const [front = '', back = ''] = plain.toLowerCase().replace(/%.*$/u, '').split('::');
  const groupsOf = (text: string) => text.split(':').filter((group) => group !== '');
  const [before, after] = [groupsOf(front), groupsOf(back)];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/u, '')).join(':');
}
