import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as 43 letters, digits, `-` or `_`. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** One way: what is stored or logged of a secret. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** As `digest`, and only who has the key can make it: HMAC-SHA-256. */
export function keyedDigest(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Whether two secrets are equal, in a time that tells nothing about how much of them is. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}
