import { BlockList, isIP } from 'node:net';
import { AppError } from '../../../domain/errors';

/** Where a server may be, read from what a person pasted. */
export interface PastedAddress {
  /** Roots to look below, without trailing slash, the likeliest first: `https://host/openai`, `https://host`. */
  roots: string[];
  /** The same over https, for an address without scheme that plain http does not reach. */
  otherRoots: string[];
  hostname: string;
  isLoopback: boolean;
}

/** Ends of paths that belong to an API and not to its base. What is left of `/api/v0` is found on the way up. */
const knownEnd =
  /\/(?:v[01]|chat\/completions|completions|models|embeddings|responses|generate|generate_stream|tokenize|chat_tokenize|info|health|docs|props|api\/(?:chat|generate|tags|show|version))$/u;

/** Pages of services, and where their API is. */
const services: { page: RegExp; root: string }[] = [
  { page: /^(?:www\.)?openrouter\.ai$/u, root: 'https://openrouter.ai/api' },
  { page: /^(?:www\.|platform\.|chat\.|api\.)?openai\.com$/u, root: 'https://api.openai.com' },
  { page: /^(?:www\.)?huggingface\.co$|^router\.huggingface\.co$/u, root: 'https://router.huggingface.co' },
];

const maxRoots = 4;

/**
 * Reads an address as people paste it: with or without scheme (http for this machine and private networks, https
 * otherwise), with the path of an API or of a page behind it. Throws `invalid-input` with words when it is none.
 */
export function readPastedAddress(text: string): PastedAddress {
  const trimmed = text.trim().replace(/^["'<]+|[>"']+$/gu, '');
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(trimmed);
  const url = parse(hasScheme ? trimmed : `http://${trimmed}`);
  // What servers print of themselves when they listen everywhere.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  const { hostname } = url;
  const isNear = isPrivateHost(hostname);
  if (!hasScheme && !isNear) url.protocol = 'https:';
  const service = services.find(({ page }) => page.test(hostname));
  const roots = service ? [service.root] : rootsOf(url);
  const secured = roots.map((root) => root.replace(/^http:/u, 'https:'));
  return {
    roots,
    otherRoots: hasScheme || !isNear ? [] : secured,
    hostname: hostname.replace(/^\[(.*)\]$/u, '$1'),
    isLoopback: isLoopbackHost(hostname),
  };
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || text.includes(' ') || !url.hostname) {
    throw new AppError('invalid-input', 'This is not an address. Write one such as http://127.0.0.1:8000.');
  }
  if (!/^https?:$/u.test(url.protocol)) {
    throw new AppError('invalid-input', 'The address must begin with http:// or https://.');
  }
  if (url.username || url.password) {
    throw new AppError(
      'invalid-input',
      'Leave name and password out of the address, and give a key instead.',
    );
  }
  return url;
}

/** The path without what belongs to an API, then the paths above it: a page lies below what it is a page of. */
function rootsOf({ origin, pathname }: URL): string[] {
  let path = pathname.replace(/\/+$/u, '');
  for (let before = ''; before !== path;) {
    before = path;
    path = path.replace(knownEnd, '').replace(/\/+$/u, '');
  }
  const parts = path.split('/').filter(Boolean);
  const paths = parts.map((_, index) => '/' + parts.slice(0, parts.length - index).join('/'));
  const all = [...paths, ''];
  return (all.length > maxRoots ? [...all.slice(0, maxRoots - 1), ''] : all).map((end) => origin + end);
}

const privateNets = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  // Carriers, and networks between machines that use their addresses.
  ['100.64.0.0', 10],
] as const) {
  privateNets.addSubnet(net, bits, 'ipv4');
}
privateNets.addSubnet('fc00::', 7, 'ipv6');
privateNets.addSubnet('fe80::', 10, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host is of this machine or of a network that is not the internet: names without a dot are. */
function isPrivateHost(hostname: string): boolean {
  if (isLoopbackHost(hostname) || isIn(privateNets, hostname)) return true;
  if (isIP(bare(hostname)) !== 0) return false;
  return !hostname.includes('.') || /\.(?:local|lan|home|internal|intranet|home\.arpa)$/iu.test(hostname);
}

function isLoopbackHost(hostname: string): boolean {
  return /^(?:.+\.)?localhost$/iu.test(hostname) || isIn(loopback, hostname);
}

function isIn(list: BlockList, hostname: string): boolean {
  const version = isIP(bare(hostname));
  return version !== 0 && list.check(bare(hostname), version === 6 ? 'ipv6' : 'ipv4');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1');
}

/** Whether what a person pasted means the server at `url`: a key that was given for one is not sent to another. */
export function isSameServer(text: string, url: string): boolean {
  const { origin } = new URL(url);
  return readPastedAddress(text).roots.some((root) => new URL(root).origin === origin);
}

/**
 * The base of a server that was at `formerUrl` and is now at what a person pasted, without asking there: what came behind
 * the root still does. Throws as `readPastedAddress`.
 */
export function baseAt(text: string, formerUrl: string): string {
  const [root = ''] = readPastedAddress(text).roots;
  const [formerRoot = ''] = readPastedAddress(formerUrl).roots;
  return root + (formerUrl.startsWith(formerRoot) ? formerUrl.slice(formerRoot.length) : '');
}
