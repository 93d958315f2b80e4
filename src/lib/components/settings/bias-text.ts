import type { LogitBias } from '../../domain/parameters';
import { escaped, unescaped } from './typed-text';

/** A typed bias, right or wrong: of a text, or of the id of a token. */
export function biasOf(kind: 'text' | 'token', typed: string, bias: number): LogitBias {
  if (kind === 'text') return { text: unescaped(typed), bias };
  const id = typed.trim().replace(/^#/u, '');
  return { token: /^\d+$/u.test(id) ? Number(id) : NaN, bias };
}

/** What a bias is for: a text as it is typed, or `#` and the id of a token. */
export function biasWords(bias: LogitBias): string {
  return 'token' in bias ? `#${String(bias.token)}` : escaped(bias.text);
}

/** The biases with this one, in the place of an older one for the same. */
export function withBias(biases: readonly LogitBias[], added: LogitBias): LogitBias[] {
  const at = biases.findIndex((bias) => isForSame(bias, added));
  return at === -1 ? [...biases, added] : biases.with(at, added);
}

function isForSame(a: LogitBias, b: LogitBias): boolean {
  return 'token' in a ? 'token' in b && a.token === b.token : 'text' in b && a.text === b.text;
}
