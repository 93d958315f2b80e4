import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LocalSettings } from '../config/env';
import { openModels, type OpenedModels } from './open-models';
import { readOperatorModels, type ModelSettings } from './operator-models';

let folder: string;
let opened: OpenedModels | undefined;
let warnings: [string, object][];
let local: LocalSettings;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-file-'));
  warnings = [];
  local = {
    modelsDir: folder,
    offersFound: false,
    threads: undefined,
    slots: 1,
    context: 512,
    idleUnloadMs: 0,
  };
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  rmSync(folder, { recursive: true });
});

const yaml = (...ids: string[]) =>
  ids.map((id) => `- id: ${id}\n  backend: { type: scripted, replies: [{ text: Yes. }] }\n`).join('');
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const idsOf = () => opened?.registry.list().map(({ id }) => id);

async function open(settings: Partial<ModelSettings>): Promise<void> {
  opened = await openModels(
    { local, ...settings },
    {
      discover: () => Promise.reject(new Error('Nobody is there.')),
      note: () => {},
      warn: (message, details) => void warnings.push([message, details]),
      isAdmin: () => true,
    },
  );
}

it('follows a file that is written in place, and keeps what has not changed', async () => {
  const modelsFile = write('models.yaml', yaml('a', 'b'));
  await open({ modelsFile });
  const kept = opened?.registry.get('b');
  write('models.yaml', yaml('b', 'c'));
  await vi.waitFor(() => expect(idsOf()).toEqual(['b', 'c']), 5000);
  expect(opened?.registry.get('b')).toBe(kept);
});

it('follows a file that an editor replaces, more than once', async () => {
  const modelsFile = write('models.yaml', yaml('a'));
  await open({ modelsFile });
  for (const id of ['b', 'c']) {
    renameSync(write('models.yaml.swp', yaml(id)), modelsFile);
    await vi.waitFor(() => expect(idsOf()).toEqual([id]), 5000);
  }
});

it('follows a link in the way to it that leads elsewhere, as in a config map', async () => {
  const place = (name: string, text: string) => {
    mkdirSync(join(folder, name));
    write(`${name}/models.yaml`, text);
    symlinkSync(name, join(folder, '..data.new'));
    renameSync(join(folder, '..data.new'), join(folder, '..data'));
  };
  place('..one', yaml('a'));
  const modelsFile = join(folder, 'models.yaml');
  symlinkSync('..data/models.yaml', modelsFile);
  await open({ modelsFile });
  expect(idsOf()).toEqual(['a']);
  place('..two', yaml('b'));
  await vi.waitFor(() => expect(idsOf()).toEqual(['b']), 5000);
});

it('refuses a bad file with its faults, keeps the old one, and takes a good one again', async () => {
  const modelsFile = write('models.yaml', yaml('a'));
  await open({ modelsFile });
  write('models.yaml', yaml('b').replace('backend', 'bakend'));
  await vi.waitFor(() => expect(warnings).toHaveLength(1), 5000);
  expect(warnings[0]?.[1]).toEqual({
    faults: [
      'models.yaml:1: 0.backend: is missing.',
      'models.yaml:2: 0.bakend: unknown key; did you mean "backend"?',
    ].join('\n'),
  });
  expect(idsOf()).toEqual(['a']);
  unlinkSync(modelsFile);
  await vi.waitFor(() => expect(warnings[1]?.[1]).toEqual({ modelsFile, code: 'ENOENT' }), 5000);
  write('models.yaml', yaml('c'));
  await vi.waitFor(() => expect(idsOf()).toEqual(['c']), 5000);
});

it('does not start with a bad file, or with none', async () => {
  const modelsFile = write('models.yaml', '- id: a');
  await expect(open({ modelsFile })).rejects.toMatchObject({ code: 'config-invalid' });
  await expect(open({ modelsFile: join(folder, 'none') })).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('ENOENT') as string,
  });
});

it('reads logos and tokenizers beside the file, and names those that cannot be used', async () => {
  write('a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write('b.png', 'no picture');
  const entry = (id: string, logo: string) => `${yaml(id)}  logo: ${logo}\n  tokenizer: tokens\n`;
  const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
  const settings = { local, modelsFile: join(folder, 'models.yaml') };
  const { listed } = await readOperatorModels(settings, entry('a', 'a.svg') + entry('b', pixel));
  expect(listed.map(({ logo }) => logo?.mime)).toEqual(['image/svg+xml', 'image/gif']);
  expect(listed[0]?.tokenizer).toBe(join(folder, 'tokens'));
  await expect(
    readOperatorModels(settings, entry('a', 'none.png') + entry('b', 'b.png') + entry('c', 'data:x')),
  ).rejects.toMatchObject({
    message: [
      'MODELS_FILE: the logo of "a" cannot be read (ENOENT).',
      'MODELS_FILE: the logo of "b" is not a picture (PNG, JPEG, WebP, GIF, AVIF or SVG).',
      'MODELS_FILE: the logo of "c" is not a data: address.',
    ].join('\n'),
  });
});

it('asks the server of OPENAI_BASE_URL first, and sends the token of Hugging Face to huggingface.co alone', async () => {
  const url = 'https://router.huggingface.co/v1';
  const { servers } = await readOperatorModels(
    {
      local,
      openai: { url: 'http://gpu/v1', apiKey: 'sk-1' },
      hfToken: 'hf_1',
      models: {
        servers: [{ url }, { url, apiKey: 'own' }, { url: 'https://huggingface.co.evil.example/v1' }],
      },
    },
    undefined,
  );
  expect(servers.map(({ apiKey }) => apiKey)).toEqual(['sk-1', 'hf_1', 'own', undefined]);
});

it('starts while a server is down, and says what is in the folder', async () => {
  mkdirSync(join(folder, 'tiny'));
  write('tiny/config.json', '{"architectures":["LlamaForCausalLM"]}');
  await open({ openai: { url: 'http://127.0.0.1:9/v1', apiKey: undefined } });
  expect(idsOf()).toEqual(['tiny']);
});
