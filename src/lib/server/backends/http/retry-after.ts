/**
 * Seconds that a `Retry-After` header asks for: a number of seconds, or a date (RFC 9110, 10.2.3). `undefined` when
 * there is none or it cannot be read; a date that has passed is 0.
 */
export function retryAfterSeconds(
  headers: Readonly<Record<string, string>>,
  nowMs = Date.now(),
): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/u.test(value)) return Number(value);
  // Without a letter it is no date of HTTP, though `Date.parse` would make one of it.
  const at = /[a-z]/iu.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000);
}
