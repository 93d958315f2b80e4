import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledModelId, dateNormaliserId } from '../../models/found-models';
import { projectRoot } from '../../programs';
import { LocalBackend } from '../local.backend';
import { checksumFile, readChecksums, verifyFiles } from './checksums';
import { readFolder } from './model-folder';

const pathOf = (id: string) => join(projectRoot(), 'models', id);
const scratch = mkdtempSync(join(tmpdir(), 'parlance-sums-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function copyOf(id: string, name: string): string {
  const folder = join(scratch, name);
  cpSync(pathOf(id), folder, { recursive: true });
  return folder;
}

/** Changes one byte in the middle of a file. */
function corrupt(file: string): void {
  const middle = Math.floor(readFileSync(file).length / 2);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.of((readFileSync(file)[middle] ?? 0) ^ 1), 0, 1, middle);
  closeSync(handle);
}

describe.each([bundledModelId, dateNormaliserId])('%s', (id) => {
  it('has checksums for all that is loaded, and they are right', async () => {
    const facts = await readFolder(pathOf(id));
    const sums = await readChecksums(facts.path);
    const loaded = [...facts.files.graphs, ...facts.files.parts];
    expect([...sums.keys()]).toEqual(
      expect.arrayContaining([
        'config.json',
        'tokenizer.json',
        'tokenizer_config.json',
        ...loaded.map((file) => file.slice(facts.path.length + 1)),
      ]),
    );
    const fractions: number[] = [];
    await verifyFiles(
      facts.path,
      [...sums.keys()].map((name) => join(facts.path, name)),
      (fraction) => fractions.push(fraction),
    );
    expect(fractions.at(-1)).toBe(1);
  });

  it.skipIf(!existsSync('/usr/bin/sha256sum'))('is what sha256sum checks too', () => {
    execFileSync('/usr/bin/sha256sum', ['--check', '--quiet', checksumFile], { cwd: pathOf(id) });
  });
});

describe('a changed byte', () => {
  it.each([
    [bundledModelId, 'onnx/model_q4.onnx_data_1', 'text-generation'],
    [dateNormaliserId, 'onnx/decoder_model_merged_quantized.onnx', 'text2text-generation'],
    [dateNormaliserId, 'tokenizer.json', 'text2text-generation'],
  ] as const)('of %s in %s is noticed before it is loaded, and named', async (id, file, task) => {
    const folder = copyOf(id, file.replaceAll('/', '-'));
    const damaged = join(folder, file);
    if (file.endsWith('.json')) writeFileSync(damaged, `${readFileSync(damaged, 'utf8')} `);
    else corrupt(damaged);
    const backend = new LocalBackend({ type: 'local', path: folder, task });
    expect(await backend.warmUp()).toEqual({
      state: 'unavailable',
      reason: expect.stringContaining(`The file ${damaged} is damaged`) as string,
      remedy: expect.stringContaining('Copy it there again') as string,
    });
    await backend.close();
  });

  it('is taken as meant where there are no checksums', async () => {
    const folder = copyOf(dateNormaliserId, 'unpinned');
    rmSync(join(folder, checksumFile));
    writeFileSync(join(folder, 'tokenizer.json'), `${readFileSync(join(folder, 'tokenizer.json'), 'utf8')} `);
    const backend = new LocalBackend({ type: 'local', path: folder, task: 'text2text-generation' });
    expect(await backend.warmUp()).toEqual({ state: 'ready' });
    await backend.close();
  });
});

describe('a list of checksums', () => {
  const sum = 'a'.repeat(64);
  const read = (text: string) => {
    writeFileSync(join(scratch, checksumFile), text);
    return readChecksums(scratch);
  };

  it('is read in both forms of sha256sum, with and without ./', async () => {
    const sums = await read(`${sum}  a.json\n${sum.toUpperCase()} *./onnx/b c.onnx\r\n`);
    expect([...sums]).toEqual([
      ['a.json', sum],
      ['onnx/b c.onnx', sum],
    ]);
  });

  it('that is not one is a fault that says what to do', async () => {
    await expect(read('nonsense')).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining(checksumFile) as string,
      details: { remedy: expect.stringContaining('sha256sum') as string },
    });
  });
});
