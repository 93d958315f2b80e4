import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AppError } from '../../domain/errors';
import { readEnv } from './env';
import { EnvSchema } from './schema';
import { variables, type Variable } from './variables';

it('starts with nothing set', () => {
  expect(readEnv({}, '/srv/parlance')).toEqual({
    host: '127.0.0.1',
    port: 3000,
    dataDir: '/srv/parlance/data',
    access: 'single',
    accessToken: undefined,
    adminToken: undefined,
    allowedOrigins: [],
    trustedProxies: [],
    secretKey: undefined,
    modelsFile: undefined,
    models: undefined,
    openai: undefined,
    hfToken: undefined,
    taskModel: undefined,
    http: { connectTimeoutMs: 5000, firstByteTimeoutMs: 300_000, idleTimeoutMs: 60_000 },
    local: {
      modelsDir: '/srv/parlance/models',
      offersFound: false,
      threads: undefined,
      slots: 4,
      context: 2048,
      idleUnloadMs: 900_000,
    },
    logLevel: 'info',
  });
});

it('takes what is empty or blank as not set, and cannot be changed', () => {
  const env = readEnv({ PORT: '', HOST: '  ', MODELS: '', LOCAL_THREADS: '', LOCAL_MODELS_DIR: ' ' });
  expect(env).toEqual(readEnv({}));
  expect(Object.isFrozen(env)).toBe(true);
});

it('reads lists, networks, origins and models', () => {
  const env = readEnv({
    ALLOWED_ORIGINS: 'https://Chat.Example.com, http://10.0.0.2:8080/',
    TRUSTED_PROXIES: '10.0.0.0/8,::1',
    MODELS: "`[{ id: 'a' /* mine */, },]`",
    OPENAI_BASE_URL: 'http://localhost:8000/v1',
    OPENAI_API_KEY: 'sk-1',
    LOCAL_THREADS: '3',
    LOCAL_SLOTS: '64',
    LOCAL_CONTEXT: '1000000',
    LOCAL_IDLE_UNLOAD_MS: '0',
    ACCESS: 'anonymous',
    ACCESS_TOKEN: 'correct-horse-battery',
    ADMIN_TOKEN: 'another-horse-battery',
  });
  expect(env).toMatchObject({
    allowedOrigins: ['https://chat.example.com', 'http://10.0.0.2:8080'],
    trustedProxies: [
      { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
      { address: '::1', prefix: 128, family: 'ipv6' },
    ],
    models: [{ id: 'a' }],
    openai: { url: 'http://localhost:8000/v1', apiKey: 'sk-1' },
    local: { offersFound: false, threads: 3, slots: 64, context: 1_000_000, idleUnloadMs: 0 },
    access: 'anonymous',
    accessToken: 'correct-horse-battery',
    adminToken: 'another-horse-battery',
  });
});

it('offers what is found in a folder of models that was set, also besides MODELS', () => {
  const env = readEnv({ MODELS: '[]', LOCAL_MODELS_DIR: 'mine' }, '/srv');
  expect(env.local).toMatchObject({ modelsDir: '/srv/mine', offersFound: true });
});

it.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '1.5'],
  ['HOST', 'http://localhost'],
  ['HOST', 'localhost:3000'],
  ['ACCESS', 'everyone'],
  ['ACCESS_TOKEN', 'short'],
  ['ACCESS_TOKEN', 'has spaces in it, long'],
  ['ADMIN_TOKEN', 'only-15-letters'],
  // With one owner there is nobody else to be it.
  ['ADMIN_TOKEN', 'correct-horse-battery'],
  ['ALLOWED_ORIGINS', 'chat.example.com'],
  ['ALLOWED_ORIGINS', 'https://a.example/path'],
  ['ALLOWED_ORIGINS', '*'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', 'nginx'],
  ['TRUSTED_PROXIES', '10.0.0.0/'],
  ['MODELS', '{"id":"a"}'],
  ['MODELS', 'sk-secret-key'],
  ['MODELS', '[{"id": "a"'],
  ['OPENAI_BASE_URL', 'localhost:8000'],
  ['OPENAI_BASE_URL', 'http://me:secret@localhost:8000'],
  ['OPENAI_API_KEY', 'two words'],
  ['SECRET_KEY', 'too short'],
  ['BACKEND_IDLE_TIMEOUT_MS', '0'],
  ['BACKEND_CA_FILE', '/nowhere/ca.pem'],
  ['BACKEND_CA_FILE', 'package.json'],
  ['BACKEND_CLIENT_KEY_FILE', '/nowhere/key.pem'],
  ['LOCAL_THREADS', '0'],
  ['LOCAL_SLOTS', '65'],
  ['LOCAL_CONTEXT', '127'],
  ['LOCAL_CONTEXT', '1000001'],
  ['LOCAL_IDLE_UNLOAD_MS', '-1'],
  ['LOG_LEVEL', 'loud'],
])('refuses %s=%s with one line that names it', (name, value) => {
  const [message = ''] = faultsOf({ [name]: value })
    .split('\n')
    .filter((line) => line.startsWith(`${name}:`));
  expect(message).toMatch(new RegExp(`^${name}: .+\\.$`, 'u'));
});

it('takes models from a file or from the variable', () => {
  expect(readEnv({ MODELS_FILE: 'models.yaml' }, '/srv').modelsFile).toBe('/srv/models.yaml');
  expect(readEnv({ MODELS: '{ servers: [] }' }).models).toEqual({ servers: [] });
  expect(faultsOf({ MODELS_FILE: 'models.yaml', MODELS: '[]' })).toContain('together with MODELS');
});

it('names all faults at once and never a secret', () => {
  const message = faultsOf({ PORT: 'x', ACCESS: 'accounts', ACCESS_TOKEN: 'hunter2', MODELS: 'sk-key' });
  expect(message.split('\n')).toHaveLength(4);
  expect(message).toContain('accounts is not there yet');
  expect(message).not.toMatch(/hunter2|sk-key/u);
});

it('has the same variables and defaults in the schema, the documentation and .env.example', () => {
  const told = Object.entries<Variable>(variables).map(([name, variable]) => ({
    name,
    default: variable.default ?? '',
    description: variable.description,
  }));
  expect(Object.keys(EnvSchema.shape)).toEqual(told.map(({ name }) => name));
  expect(rowsOf(readFileSync('docs/configuration.md', 'utf8'))).toEqual(told);
  expect(commentedValuesOf(readFileSync('.env.example', 'utf8'))).toEqual(told);
});

function faultsOf(source: NodeJS.ProcessEnv): string {
  try {
    readEnv(source);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'config-invalid') return thrown.message;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
}

/** Rows of the first table whose cells are a name, a default and a description. */
function rowsOf(markdown: string) {
  const rows = markdown.matchAll(/^\| `([A-Z_]+)` +\| +(?:`([^`]*)` +)?\| (.+?) +\|$/gmu);
  return [...rows].map(([, name, preset = '', description = '']) => ({
    name,
    default: preset,
    description: description.replaceAll('\\', ''),
  }));
}

function commentedValuesOf(text: string) {
  return [...text.matchAll(/^# (.+)\n# ([A-Z_]+)=(.*)$/gmu)].map(([, description, name, preset]) => ({
    name,
    default: preset,
    description,
  }));
}
