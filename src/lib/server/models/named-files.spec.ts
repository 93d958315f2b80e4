import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FilesWatch } from './files-watch';
import { namedFiles } from './named-files';
import { openModels, type OpenedModels, type OpenModelsOptions } from './open-models';

/** Most of it is waiting for others on this machine. */
const patience = 10_000;

let folder: string;
let opened: OpenedModels | undefined;
let warnings: [string, { faults?: string }][];
let notes: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-named-'));
  [warnings, notes] = [[], []];
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
/** As editors do it: beside it, and then in its place. */
const replace = (name: string, text: string) => {
  write(`${name}.swp`, text);
  renameSync(join(folder, `${name}.swp`), join(folder, name));
};
const picture = (colour: string) => `<svg xmlns="http://www.w3.org/2000/svg" fill="${colour}"/>`;
const model = (more: string) =>
  `- id: a\n  backend: { type: scripted, replies: [{ text: Yes. }] }\n${more}\n- id: b\n  backend: { type: scripted, replies: [{ text: No. }] }\n`;

async function open(more: string): Promise<void> {
  write('models.yaml', model(more));
  opened = await openModels(settings(), options());
}
const settings = () => ({
  modelsFile: join(folder, 'models.yaml'),
  local: {
    ...{ modelsDir: folder, offersFound: false, threads: undefined },
    ...{ slots: 1, context: 512, idleUnloadMs: 0 },
  },
});
const options = (): OpenModelsOptions => ({
  discover: () => Promise.reject(new Error('Nobody is there.')),
  note: (message) => void notes.push(message),
  warn: (message, details) => void warnings.push([message, details as { faults?: string }]),
  isAdmin: () => true,
});
const logo = () => Buffer.from(opened?.registry.logo('a', '').bytes ?? []).toString();

it('takes another picture, written in place or replaced, and leaves other models as they are', async () => {
  write('a.svg', picture('red'));
  await open('  logo: a.svg');
  const kept = opened?.registry.get('b');
  write('a.svg', picture('green'));
  await vi.waitFor(() => expect(logo()).toContain('green'), patience);
  replace('a.svg', picture('blue'));
  await vi.waitFor(() => expect(logo()).toContain('blue'), patience);
  expect(opened?.registry.get('b')).toBe(kept);
  expect(notes).toContain('a file that a model names has changed and is in use');
});

it('refuses what is no picture with its reason, keeps the old one, and takes a good one again', async () => {
  write('a.svg', picture('red'));
  await open('  logo: a.svg');
  replace('a.svg', 'nothing to see');
  await vi.waitFor(() => expect(warnings).toHaveLength(1), patience);
  expect(warnings[0]?.[1].faults).toContain('the logo of "a" is not a picture');
  expect(logo()).toContain('red');
  replace('a.svg', picture('green'));
  await vi.waitFor(() => expect(logo()).toContain('green'), patience);
});

it('takes another chat template, and refuses one that cannot be read', async () => {
  write('chat.jinja', '{{ messages[0].content }}');
  await open('  chatTemplate: { file: chat.jinja }');
  const before = opened?.registry.get('a');
  replace('chat.jinja', '{% for %}');
  await vi.waitFor(() => expect(warnings).toHaveLength(1), patience);
  expect(warnings[0]?.[1].faults).toContain('"a": The chat template');
  expect(opened?.registry.get('a')).toBe(before);
  replace('chat.jinja', '{{ messages[0].content }}!');
  await vi.waitFor(() => expect(opened?.registry.get('a')).not.toBe(before), patience);
});

it('takes another tokenizer, and refuses one that cannot be read', async () => {
  mkdirSync(join(folder, 'tokens'));
  const bundled = join(process.cwd(), 'models/HuggingFaceTB/SmolLM2-135M-Instruct');
  const put = () => {
    copyFileSync(join(bundled, 'tokenizer.json'), join(folder, 'new.json'));
    renameSync(join(folder, 'new.json'), join(folder, 'tokens/tokenizer.json'));
  };
  put();
  await open('  tokenizer: tokens');
  const before = opened?.registry.get('a');
  replace('tokens/tokenizer.json', '{"model":');
  await vi.waitFor(() => expect(warnings).toHaveLength(1), patience);
  expect(warnings[0]?.[1].faults).toContain(`The tokenizer ${join(folder, 'tokens')} cannot be read.`);
  unlinkSync(join(folder, 'tokens/tokenizer.json'));
  await vi.waitFor(() => expect(warnings).toHaveLength(2), patience);
  expect(opened?.registry.get('a')).toBe(before);
  put();
  await vi.waitFor(() => expect(opened?.registry.get('a')).not.toBe(before), patience);
});

it('follows what a changed file of models names, also a file that comes later', async () => {
  await open('');
  replace('models.yaml', model('  logo: late.svg'));
  await vi.waitFor(() => expect(warnings[0]?.[1].faults).toContain('cannot be read (ENOENT)'), patience);
  write('late.svg', picture('red'));
  await vi.waitFor(() => expect(logo()).toContain('red'), patience);
}, 30_000);

it('watches few folders, looks at the files of the others, and is quiet about all else in them', async () => {
  const names = ['one', 'two', 'three'].map((name) => join(folder, name));
  for (const name of names) {
    mkdirSync(name);
    writeFileSync(join(name, 'a.svg'), 'x');
  }
  const onChange = vi.fn();
  const watch = new FilesWatch({ onChange, settleMs: 10, pollMs: 50, maxWatchers: 1 });
  await watch.follow(names.map((name) => join(name, 'a.svg')));
  for (const [index, name] of names.entries()) {
    writeFileSync(join(name, 'other'), 'x');
    writeFileSync(join(name, 'a.svg'), 'changed');
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(index + 1), patience);
  }
  writeFileSync(join(folder, 'one', 'other'), 'again');
  await new Promise((resolve) => setTimeout(resolve, 200));
  watch.close();
  writeFileSync(join(folder, 'one', 'a.svg'), 'after');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(onChange).toHaveBeenCalledTimes(3);
});

it('names all that is read with a template or a tokenizer, and no picture that is in the entry itself', () => {
  const files = namedFiles([{ logo: 'data:image/png;base64,AA' }, { tokenizer: 't' }], '/etc/parlance');
  expect(files).toEqual([
    '/etc/parlance/t',
    '/etc/parlance/t/tokenizer.json',
    '/etc/parlance/t/tokenizer_config.json',
    '/etc/parlance/tokenizer_config.json',
  ]);
  const beside = namedFiles([{ chatTemplate: { file: 'chat.jinja' } }], '/etc/parlance');
  expect(beside).toContain('/etc/parlance/tokenizer_config.json');
});

it('takes a picture that comes while the start still waits for a server', async () => {
  write('a.svg', picture('red'));
  write('models.yaml', `models:\n${model('  logo: a.svg')}servers: [{ url: 'http://127.0.0.1:9/v1' }]\n`);
  let giveUp: () => void = () => undefined;
  const asked = new Promise<void>((begin) => {
    void openModels(settings(), {
      ...options(),
      discover: () =>
        new Promise((_, fail) => {
          giveUp = () => fail(new Error('Nobody is there.'));
          begin();
        }),
      longestListMs: 600_000,
    }).then((models) => (opened = models));
  });
  await asked;
  replace('a.svg', picture('green'));
  await vi.waitFor(
    () => expect(notes).toContain('a file that a model names has changed and is in use'),
    patience,
  );
  expect(opened).toBeUndefined();
  giveUp();
  await vi.waitFor(() => expect(logo()).toContain('green'), patience);
});
