import { pino, type DestinationStream, type Logger } from 'pino';
import type { Env } from './config/env';

/** Names of properties whose values are secrets, at the top and up to two levels down. */
const secretNames = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'token',
  'accessToken',
  'adminToken',
  'apiKey',
  'password',
];

/**
 * The log of this server: JSON lines on stderr, so that the start-up message has stdout to itself; on a terminal, short
 * lines for people. What people write to a model is never given to it.
 */
export function createLogger(env: Pick<Env, 'logLevel'>, destination?: DestinationStream): Logger {
  const stderr = () =>
    // Written at once: a line must not be lost when the process ends right after it.
    process.stderr.isTTY ? readable : pino.destination({ dest: 2, sync: true });
  return pino(
    {
      level: env.logLevel,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretNames.flatMap(atThreeLevels), censor: '(hidden)' },
    },
    destination ?? stderr(),
  );
}

function atThreeLevels(name: string): string[] {
  const below = (parent: string) => (name.startsWith('[') ? `${parent}${name}` : `${parent}.${name}`);
  return [name, below('*'), below('*.*')];
}

const levelNames: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: '',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

const readable: DestinationStream = {
  write: (line) => void process.stderr.write(`${readableLine(line)}\n`),
};

/** A JSON line of the log as a person reads it at a terminal. */
export function readableLine(line: string): string {
  const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${fieldText(value)}`);
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : '';
  const words = [clock, levelNames[Number(level)], msg, ...fields].filter(
    (word) => word !== '' && word !== undefined,
  );
  return words.join(' ') + stack;
}

function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
