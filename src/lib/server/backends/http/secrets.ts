import type { EndpointConfig } from './endpoint-config';
import type { HttpSettings } from './settings';

type Secretive = Pick<EndpointConfig, 'apiKey' | 'headers' | 'query'> & { url?: string | undefined };

/** Shorter ones are words that stand everywhere, and no keys. */
const shortestSecret = 6;

/**
 * All that nobody may read in a log: every value that an operator put there may be a key, in each way it is written on its
 * way to a server and back. The longest is first: one may hold another.
 */
export function secretsOf(
  servers: readonly Secretive[],
  { clientCertificate }: Pick<HttpSettings, 'clientCertificate'> = {},
): string[] {
  const values = servers.flatMap(({ url, apiKey, headers = {}, query = {} }) => {
    const base = url === undefined ? undefined : new URL(url);
    const { username = '', password = '' } = base ?? {};
    const pair = `${plainOf(username)}:${plainOf(password)}`;
    return [
      ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/u)]),
      ...Object.values(query),
      ...(base?.searchParams.values() ?? []),
      ...(password === '' ? [] : [plainOf(password), password, Buffer.from(pair).toString('base64')]),
      apiKey ?? '',
    ];
  });
  const written = [...values, clientCertificate?.password ?? ''].flatMap((value) => [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]);
  return [...new Set(written)]
    .filter(({ length }) => length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
}

/** `text` with another word for each of these, also for one that the end of the text cuts off. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (redacted, secret) => withoutBeginning(redacted.replaceAll(secret, '[key]'), secret),
    text,
  );
}

function withoutBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= shortestSecret; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}[key]`;
  return text;
}

/** What was written for it; a `%` that begins no code stands for itself. */
export function plainOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
