import { AppError } from '../../../domain/errors';

/** The answer had not begun in time, or was silent for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
  readonly code = 'SILENCE';
}

const words: Record<string, string> = {
  ECONNREFUSED: "Nothing answers at the address of the model's server.",
  EHOSTUNREACH: "The model's server is not in reach of this network.",
  ENETUNREACH: "The model's server is not in reach of this network.",
  ENOTFOUND: "The name of the model's server is not known.",
  EAI_AGAIN: "The name of the model's server cannot be looked up at the moment.",
  UND_ERR_CONNECT_TIMEOUT: "The model's server did not take the connection in time.",
  ETIMEDOUT: "The model's server did not take the connection in time.",
  SILENCE: "The model's server did not answer in time.",
};

/** The code of a fault of the network or of TLS; several addresses of one name may have failed together. */
export function faultCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  const [first] = thrown instanceof AggregateError ? (thrown.errors as unknown[]) : [thrown.cause];
  return first === undefined ? thrown.name : faultCode(first);
}

/**
 * A fault of the network, in words for a person. `redact` takes keys out of the original's message, which stays as the
 * cause for the log.
 */
export function connectionFault(thrown: unknown, redact: (text: string) => string): AppError {
  const code = faultCode(thrown);
  const original = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('backend-unreachable', words[code] ?? otherWords(code), {
    cause: redact(`${code}: ${original}`),
  });
}

function otherWords(code: string): string {
  return /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/u.test(code)
    ? "A safe connection to the model's server could not be made: its certificate, or ours, was refused."
    : "The connection to the model's server broke off.";
}

/** Whether the socket closed under the request. A connection kept from before often does, and a new one then works. */
export function isBrokenSocket(thrown: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(faultCode(thrown));
}
