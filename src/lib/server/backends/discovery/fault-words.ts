import { AppError } from '../../../domain/errors';
import type { PastedAddress } from './pasted-address';
import type { Answer } from './asker';

/** What went wrong at an address, as the page tells it apart; `details.fault` of what is thrown. */
export type DiscoveryFault =
  | 'no-name'
  | 'nothing-listens'
  | 'no-way'
  | 'tls'
  | 'too-slow'
  | 'broken-off'
  | 'key-missing'
  | 'key-refused'
  | 'page'
  | 'redirect'
  | 'busy'
  | 'server-fault'
  | 'other-server'
  | 'no-api';

/** What is known of this server and its question when words are chosen. */
export interface Circumstances {
  address: PastedAddress;
  hasKey: boolean;
  /** This server runs in a container, whose `localhost` is the container. */
  isInContainer: boolean;
}

const toHost = 'host.docker.internal';

/** A fault with words and what to do, from what the network said. What was thrown stays the cause. */
export function unreachableFault(thrown: unknown, { address, isInContainer }: Circumstances): AppError {
  const { hostname, isLoopback } = address;
  const at = placeOf(address);
  const codes = codesOf(thrown);
  const has = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  const fault = (name: DiscoveryFault, words: string) =>
    new AppError('backend-unreachable', words, { cause: thrown, details: { fault: name } });
  if (has(/^(?:ENOTFOUND|EAI_)/u)) {
    return fault(
      'no-name',
      hostname === toHost
        ? `The name ${toHost} is not known here. Start the container with --add-host=${toHost}:host-gateway.`
        : `There is no server of the name ${hostname}. Check the spelling.`,
    );
  }
  if (has(/CERT|SIGNATURE|ISSUER|ALTNAME|_TLS_|_SSL_|^EPROTO$/u)) return fault('tls', tlsWords(at, codes));
  if (has(/TIMEOUT|^ETIMEDOUT$|^SILENCE$/u)) {
    return fault(
      'too-slow',
      `${at} does not answer in time. Check address and port, and that no firewall is between.`,
    );
  }
  if (isLoopback && isInContainer) {
    return fault(
      'nothing-listens',
      `Nothing listens at ${at}. This server runs in a container, where ${hostname} is the container itself: ` +
        `write ${toHost} for the machine around it.`,
    );
  }
  if (has(/^ECONNREFUSED$/u)) {
    return fault(
      'nothing-listens',
      `Nothing listens at ${at}. Check the port, and that the server is started.`,
    );
  }
  if (has(/^E(?:HOST|NET)(?:UNREACH|DOWN)$/u)) {
    return fault(
      'no-way',
      `There is no way from this server to ${hostname}. Check the network, and the address.`,
    );
  }
  return fault(
    'broken-off',
    `${at} does not answer as a web server does. Check scheme (http or https) and port.`,
  );
}

function tlsWords(at: string, codes: string[]): string {
  if (codes.includes('CERT_HAS_EXPIRED')) return `The certificate of ${at} has expired. Renew it there.`;
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID')) {
    return `The certificate of ${at} is for another name. Write the name that is in it.`;
  }
  if (codes.some((code) => /SELF_SIGNED|SIGNATURE|ISSUER/u.test(code))) {
    return `The certificate of ${at} is from an authority that this server does not know. Give it that authority's certificate.`;
  }
  return `No secure connection to ${at} comes about. Does it speak plain http? Then write http:// in front.`;
}

/** A fault with words for an answer that is no list of models; `undefined` when the place has simply nothing there. */
export function answerFault(answer: Answer, { address, hasKey }: Circumstances): AppError | undefined {
  const { status, isPage, location } = answer;
  const at = placeOf(address);
  const refused = (fault: DiscoveryFault, words: string) =>
    new AppError('backend-rejected', words, { details: { fault, status } });
  if (status === 401 || status === 403) {
    return hasKey
      ? refused('key-refused', `${at} refuses the key. Check that it is whole, and meant for this server.`)
      : refused('key-missing', `${at} asks for a key.`);
  }
  if (status >= 300 && status < 400) {
    const words = location === undefined ? 'elsewhere' : `on to ${location}`;
    return refused('redirect', `${at} sends ${words}. Give the address that it leads to.`);
  }
  if (status === 429) return busyFault({ address });
  if (status === 503) return refused('busy', `${at} is not ready: it may still load. Try again in a while.`);
  if (status >= 500) {
    return refused('server-fault', `${at} answers with a fault (${String(status)}). Look at its log.`);
  }
  if (isPage && status < 400) {
    return new AppError(
      'backend-protocol',
      `${at} answers with a web page and not with an API. ${otherPath}`,
      {
        details: { fault: 'page' satisfies DiscoveryFault },
      },
    );
  }
  return undefined;
}

/** A fault for a server that asked to be left alone for a while. */
export function busyFault({ address }: Pick<Circumstances, 'address'>): AppError {
  return new AppError(
    'rate-limited',
    `${placeOf(address)} is asked too often at the moment. Try again in a while.`,
    {
      details: { fault: 'busy' satisfies DiscoveryFault },
    },
  );
}

const otherPath = 'Look there for the address of its API, which often ends in /v1.';

/** A fault for a place that answers, and that nobody here can speak with. */
export function noApiFault({ address }: Circumstances): AppError {
  const words = `${placeOf(address)} answers, and speaks neither for TGI nor for Ollama nor as OpenAI does. ${otherPath}`;
  return new AppError('backend-protocol', words, {
    retryable: false,
    details: { fault: 'no-api' satisfies DiscoveryFault },
  });
}

/** A fault for a place where something else speaks than what was asked for. */
export function otherServerFault({ address }: Circumstances, wanted: 'tgi' | 'ollama'): AppError {
  const name = wanted === 'tgi' ? 'TGI' : 'Ollama';
  const words = `${placeOf(address)} answers, but not as ${name} does. Leave the type out, and it is found out.`;
  return new AppError('backend-protocol', words, {
    retryable: false,
    details: { fault: 'other-server' satisfies DiscoveryFault },
  });
}

function placeOf({ roots }: PastedAddress): string {
  return new URL(roots[0] ?? '').host;
}

/** What the system, TLS and HTTP call the fault, along the causes: as a code, or before the words in a text. */
function codesOf(thrown: unknown): string[] {
  const codes: string[] = [];
  let fault = thrown;
  for (let depth = 0; fault instanceof Error && depth < 8; fault = fault.cause, depth += 1) {
    if ('code' in fault && typeof fault.code === 'string') codes.push(fault.code);
    if (fault.name === 'TimeoutError') codes.push('TIMEOUT');
  }
  if (typeof fault === 'string') codes.push(/^([A-Z][A-Z\d_]*):/u.exec(fault)?.[1] ?? '');
  return codes;
}
