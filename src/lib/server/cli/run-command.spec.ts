import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, usage } from './run-command';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parlance-cli-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Runs a command in the folder of the test, beside files with these contents. */
async function parlance(
  args: string,
  {
    files = {},
    environment = {},
  }: { files?: Record<string, unknown>; environment?: Record<string, string> } = {},
) {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  const [printed, told]: [string[], string[]] = [[], []];
  const code = await runCommand(args.split(' ').filter(Boolean), {
    environment: { LOCAL_MODELS_DIR: join(dir, 'models'), ...environment },
    workDir: dir,
    projectDir: dir,
    print: (line) => void printed.push(line),
    tell: (line) => void told.push(line),
  });
  return { code, printed: printed.join('\n'), told: told.join('\n') };
}

const scripted = (id: string, reply: object) => ({ id, backend: { type: 'scripted', replies: [reply] } });
const good = [scripted('good', { text: 'hello there' })];

describe('parlance', () => {
  it.each(['', 'help', '--help', 'models check --help'])('%j prints what there is', async (args) => {
    expect(await parlance(args)).toEqual({ code: 0, printed: usage, told: '' });
  });

  it.each([
    ['nonsense', 'There is no command "nonsense".'],
    ['models', 'There is no command "models".'],
    ['models constructor', 'There is no command'],
    ['models check a b', 'one file only'],
    ['models check --fast', "Unknown option '--fast'"],
    ['models test --timeout soon', '--timeout must be a number'],
    ['import chat-ui', 'Name the .env.local'],
  ])('%j is told how it is used', async (args, words) => {
    const { code, told, printed } = await parlance(args);
    expect([code, printed]).toEqual([2, '']);
    expect(told).toContain(words);
    expect(told).toContain(usage);
  });
});

describe('parlance models check', () => {
  it('says what a file has, and asks nobody', async () => {
    const replaced = { id: 'old', replacedBy: 'good' };
    const files = {
      'a.json': { models: [...good, replaced], servers: [{ url: 'http://u:p@127.0.0.1:9/v1' }] },
    };
    const { code, printed, told } = await parlance('models check a.json', { files });
    expect({ code, told }).toEqual({ code: 0, told: '' });
    expect(printed.split('\n')).toEqual([
      'a.json is good: 2 models, 1 server, and 0 models found in a folder.',
      '  good: scripted',
      '  old: answers no more, and is replaced by good',
      '  the models of 127.0.0.1:9',
    ]);
  });

  it('takes MODELS_FILE, which the named file takes the place of', async () => {
    const files = { 'b.json': good, 'broken.json': '[' };
    const environment = { MODELS_FILE: join(dir, 'broken.json') };
    expect(await parlance('models check', { files, environment })).toMatchObject({ code: 1, printed: '' });
    expect(await parlance('models check b.json', { files, environment })).toMatchObject({ code: 0 });
    expect(await parlance('models check', { environment: { MODELS: JSON.stringify(good) } })).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^MODELS is good: 1 model,/u) as string,
    });
  });

  it('says every fault with its place', async () => {
    const files = {
      'c.yaml': [
        'models:',
        '  - id: a',
        '    chatTemplate: { builtIn: chatmll, variable: {} }',
        '    backend: { type: scripted, replies: [] }',
        '  - id: a',
        '    backend: { type: nothing }',
      ].join('\n'),
    };
    const { code, told } = await parlance('models check c.yaml', { files });
    expect(code).toBe(1);
    for (const place of [
      'c.yaml:3: models.0.chatTemplate.builtIn: must be one of',
      'c.yaml:3: models.0.chatTemplate.variable: unknown key; did you mean "variables"?',
      'c.yaml:4: models.0.backend.replies:',
      'c.yaml:5: models.1.id:',
      'c.yaml:6: models.1.backend.type:',
    ])
      expect(told).toContain(place);
  });

  it('reads the templates and folders that a file names', async () => {
    const files = {
      'd.json': [
        { ...good[0], chatTemplate: { file: 'absent' } },
        { ...scripted('b', { text: '' }), chatTemplate: '{% if %}' },
      ],
      'e.json': [{ id: 'local', backend: { type: 'local', path: 'absent' } }],
    };
    const { told } = await parlance('models check d.json', { files });
    expect(told.split('\n')).toEqual([
      expect.stringMatching(/"good": The chat template .*absent is not there/u),
      expect.stringMatching(/"b": The chat template of the model cannot be read as Jinja/u),
    ]);
    const local = await parlance('models check e.json', { files });
    expect(local).toMatchObject({
      code: 1,
      told: expect.stringMatching(/^local: The model folder /u) as string,
    });
  });

  it('says what is wrong with variables, and with a file that is not there', async () => {
    expect((await parlance('models check', { environment: { PORT: 'x' } })).told).toMatch(/^PORT: /u);
    expect((await parlance('models check none.yaml')).told).toMatch(/none.yaml cannot be read/u);
  });
});

describe('parlance models test', () => {
  const models = [
    ...good,
    scripted('thinks', { reasoning: 'hm', text: 'yes' }),
    scripted('slow', { text: 'late', delayMs: 60_000 }),
    scripted('away', { text: 'no', failsAfter: 0, failsWith: 'backend-unreachable' }),
    { id: 'local', backend: { type: 'local', path: 'absent' } },
    { id: 'old', replacedBy: 'good' },
  ];
  const environment = { MODELS: JSON.stringify(models) };

  it('prints one token of each, or why there is none and what to do', async () => {
    const { code, printed } = await parlance('models test --timeout 0.2', { environment });
    expect(code).toBe(1);
    expect(printed.replaceAll(/ {2}\d+ ms$/gmu, '').split('\n')).toEqual([
      'ok      good  "hello"',
      'ok      thinks  "hm"',
      expect.stringMatching(/^failed {2}slow {2}It did not answer within 0\.2 s\. Look whether/u),
      expect.stringMatching(/^failed {2}away {2}.*Look whether the server runs/u),
      expect.stringMatching(/^failed {2}local {2}The model folder .* is not there. Put the model there/u),
    ]);
  });

  it('of those that are named alone', async () => {
    expect(await parlance('models test good thinks', { environment })).toMatchObject({ code: 0, told: '' });
    expect((await parlance('models test other', { environment })).told).toMatch(
      /^There is no model other. There are: good, thinks/u,
    );
  });
});

describe('parlance models test, where a server is down', () => {
  const environment = {
    MODELS: JSON.stringify({ models: good, servers: [{ url: 'http://127.0.0.1:1', name: 'Box' }] }),
  };

  it('says so, and is not content with the others', async () => {
    const { code, printed, told } = await parlance('models test', { environment });
    expect(code).toBe(1);
    expect(printed).toMatch(/^ok {6}good {2}"hello"/u);
    expect(told).toMatch(/^a model server cannot be asked for its models: Box: /u);
  });

  it('does not hold it against a model that was named', async () => {
    expect(await parlance('models test good', { environment })).toMatchObject({ code: 0 });
  });
});

describe('parlance import chat-ui', () => {
  const files = {
    '.env.local':
      'HF_TOKEN=hf_secret\nOPENAI_BASE_URL=https://router.huggingface.co/v1\nPUBLIC_APP_NAME=Chat\n',
    'empty.env': 'PORT=3000\n',
  };

  it('prints the file, and apart from it what people must know', async () => {
    const { code, printed, told } = await parlance('import chat-ui .env.local', { files });
    expect(code).toBe(0);
    expect(printed).toContain('servers:\n  - url: https://router.huggingface.co/v1\n    apiKey: ${HF_TOKEN}');
    expect(told).toContain('PUBLIC_APP_NAME: It is not about models');
    expect(told).toContain('  HF_TOKEN  As HF_TOKEN in the old file.');
    expect(printed + told).not.toContain('hf_secret');
  });

  it('writes it where it is told to, over nothing, and it can be checked', async () => {
    const first = await parlance('import chat-ui .env.local --out out.yaml', { files });
    expect(first).toMatchObject({
      code: 0,
      printed: '',
      told: expect.stringMatching(/parlance models check out.yaml$/u) as string,
    });
    const again = await parlance('import chat-ui .env.local --out out.yaml', { files });
    expect(again).toMatchObject({ code: 1, told: 'out.yaml is there already. --force writes over it.' });
    expect(await parlance('import chat-ui .env.local --out out.yaml --force')).toMatchObject({ code: 0 });
    expect(await readFile(join(dir, 'out.yaml'), 'utf8')).toMatch(/^# Models of Parlance/u);
    const environment = { HF_TOKEN: 'hf_secret' };
    expect(await parlance('models check out.yaml', { environment })).toMatchObject({ code: 0 });
    expect((await parlance('models check out.yaml')).told).toContain('the variable HF_TOKEN is not set');
  });

  it.each([
    ['empty.env', /has no models that can be taken over/u],
    ['nowhere.env', /nowhere.env cannot be read/u],
  ])('%s: says why there is nothing', async (file, words) => {
    const { code, told, printed } = await parlance(`import chat-ui ${file}`, { files });
    expect([code, printed]).toEqual([1, '']);
    expect(told).toMatch(words);
  });
});
