import { isIP } from 'node:net';
import JSON5 from 'json5';
import { z } from 'zod';
import type { VariableName } from './variables';

/** Addresses that share their first `prefix` bits. */
export interface Subnet {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** What each variable may hold, after what is empty was replaced by its default. */
export const EnvSchema = z.object({
  HOST: z
    .string()
    .regex(/^[^\s/:]+$|^[\da-f:.]+$/iu, 'must be an address such as 127.0.0.1, or a name, without a port'),
  PORT: wholeNumber(0, 65_535),
  DATA_DIR: z.string(),
  ACCESS: z.string().transform((value, context) => {
    if (value === 'single' || value === 'anonymous') return value;
    return fault(
      context,
      value === 'accounts'
        ? 'accounts is not there yet; use single or anonymous'
        : `must be single or anonymous, not "${value}"`,
    );
  }),
  ACCESS_TOKEN: token(),
  ADMIN_TOKEN: token(),
  ALLOWED_ORIGINS: list(readOrigin),
  TRUSTED_PROXIES: list(readSubnet),
  SECRET_KEY: z.string().min(16, 'must have 16 characters or more').max(1000).optional(),
  MODELS_FILE: z.string().optional(),
  MODELS: z.string().transform(readModels).optional(),
  OPENAI_BASE_URL: z.string().transform(readUrl).optional(),
  OPENAI_API_KEY: key(),
  HF_TOKEN: key(),
  TASK_MODEL: z.string().max(200).optional(),
  BACKEND_CONNECT_TIMEOUT_MS: wholeNumber(1, 600_000),
  BACKEND_FIRST_BYTE_TIMEOUT_MS: wholeNumber(1, 86_400_000),
  BACKEND_IDLE_TIMEOUT_MS: wholeNumber(1, 86_400_000),
  BACKEND_CA_FILE: z.string().optional(),
  BACKEND_CLIENT_CERTIFICATE_FILE: z.string().optional(),
  BACKEND_CLIENT_KEY_FILE: z.string().optional(),
  BACKEND_CLIENT_KEY_PASSWORD: z.string().optional(),
  LOCAL_MODELS_DIR: z.string(),
  LOCAL_THREADS: wholeNumber(1, 256).optional(),
  LOCAL_SLOTS: wholeNumber(1, 64),
  LOCAL_CONTEXT: wholeNumber(128, 1_000_000),
  LOCAL_IDLE_UNLOAD_MS: wholeNumber(0, 2_000_000_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    error: 'must be trace, debug, info, warn, error, fatal or silent',
  }),
} satisfies Record<VariableName, z.ZodType>);

type Context = z.core.$RefinementCtx;

function fault(context: Context, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

function wholeNumber(min: number, max: number) {
  return z.string().transform((text, context) => {
    const value = Number(text);
    const isGood = /^\d{1,10}$/u.test(text) && value >= min && value <= max;
    return isGood ? value : fault(context, `must be a whole number from ${min} to ${max}, not "${text}"`);
  });
}

/** Items between commas; the first that cannot be read is named. */
function list<Item extends object>(read: (text: string) => Item | string) {
  return z.string().transform((text, context): Item[] => {
    const items: Item[] = [];
    for (const part of text.split(',').map((piece) => piece.trim())) {
      if (part === '') continue;
      const item = read(part);
      if (typeof item === 'string') return fault(context, item);
      items.push(item);
    }
    return items;
  });
}

function readOrigin(text: string): { origin: string } | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url &&
    /^https?:$/u.test(url.protocol) &&
    url.pathname === '/' &&
    !url.search &&
    !url.hash &&
    !url.username;
  return isOrigin ? { origin: url.origin } : `"${text}" is not an origin such as https://chat.example.com`;
}

function readSubnet(text: string): Subnet | string {
  const [address = '', bits] = text.split('/');
  const version = isIP(address);
  const widest = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? widest : Number(bits);
  const isGood = version !== 0 && (bits === undefined || /^\d{1,3}$/u.test(bits)) && prefix <= widest;
  if (!isGood) return `"${text}" is neither an address nor a network such as 10.0.0.0/8`;
  return { address, prefix, family: version === 6 ? 'ipv6' : 'ipv4' };
}

/** What stands in addresses and in headers as it is. */
function token() {
  return z
    .string()
    .regex(/^[\w.~-]{16,200}$/u, 'must be 16 to 200 letters, digits, or any of . _ ~ -')
    .optional();
}

/** What goes into a header: no line may end in it. */
function key() {
  return z
    .string()
    .regex(/^[\u0021-\u007E]{1,8000}$/u, 'must be letters, digits and signs without spaces')
    .optional();
}

function readUrl(text: string, context: Context): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Not quoted: people put keys into addresses.
  if (!url || !/^https?:$/u.test(url.protocol))
    return fault(context, 'must be an address such as http://localhost:11434/v1');
  if (url.username || url.password)
    return fault(context, 'must hold no name or password; a key goes into OPENAI_API_KEY');
  return text;
}

/** Only its form; what the entries may hold is known to the room `models`. */
function readModels(text: string, context: Context): object {
  const wanted = 'a list [{ id: ... }], or { servers: [...], models: [...] }';
  try {
    // chat-ui and its users put the list into backticks.
    const value: unknown = JSON5.parse(text.replace(/^`([^]*)`$/u, '$1'));
    const isFile = typeof value === 'object' && value !== null && (Array.isArray(value) || isForm(value));
    return isFile ? value : fault(context, `must be ${wanted}`);
  } catch {
    // The words of the parser quote the text, which may hold keys.
    return fault(context, `is not JSON5; it must be ${wanted}`);
  }
}

function isForm(value: object): boolean {
  return 'models' in value || 'servers' in value;
}
