import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, describeBackend } from './conformance';
import { localBackend, LocalBackend } from './local.backend';
import { ask, bundledPath as path, promptOf } from './local/__fixtures__/bundled-model';
import { readModelFolder } from './local/model-folder';

for (const binding of ['c-api', 'node'] as const) {
  describeBackend(`local, ${binding}`, {
    create: () => localBackend.create({ type: 'local', path, binding }),
    input: { kind: 'prompt', prompt: 'Once upon a time, in a small village by the sea,' },
    parameters: { temperature: 0, max_new_tokens: 30 },
    // Guided, it can say nothing else.
    says: (text = '') => ({ max_new_tokens: 100, grammar: { type: 'choice', value: [text] } }),
  });
}

describe('local backend', () => {
  let backend: LocalBackend;
  beforeAll(() => {
    backend = new LocalBackend({ type: 'local', path });
  });
  afterAll(() => backend.close());

  it('answers a plain question', async () => {
    const { text, finish } = await collect(
      backend.generate(ask(await promptOf('What is the capital of France?'), { temperature: 0 })),
    );
    expect(text).toContain('Paris');
    expect(finish).toBe('stop');
  });

  it('writes the same text with the same seed, whatever ran before, and another with another seed', async () => {
    const prompt = await promptOf('Tell me a story.');
    const write = async (seed: number) =>
      (await collect(backend.generate(ask(prompt, { temperature: 1, top_p: 0.95, seed }, 'owner/a')))).text;
    const first = await write(7);
    await collect(backend.generate(ask(await promptOf('Hello'), {}, 'owner/a')));
    expect(await write(7)).toBe(first);
    expect(await write(8)).not.toBe(first);
  });

  it('reads only what is new in the next turn of a conversation, and nothing of another', async () => {
    const question = 'Name three colours, and say for each of them where it is found in nature.';
    const first = await promptOf(question);
    const { text } = await collect(
      backend.generate(ask(first, { temperature: 0, max_new_tokens: 60 }, 'owner/turns')),
    );
    const second = await promptOf(question, text, 'And a fourth?');
    const usageOf = async (scope: string) => (await collect(backend.generate(ask(second, {}, scope)))).usage;
    expect((await usageOf('owner/other'))?.cachedTokens).toBe(0);
    const usage = await usageOf('owner/turns');
    const unread = (usage?.promptTokens ?? 0) - (usage?.cachedTokens ?? 0);
    expect(usage?.cachedTokens).toBeGreaterThan(60);
    expect(unread).toBeLessThan(30);
  });

  it('stops in the middle of a long prompt', async () => {
    const timeOf = async (work: () => Promise<unknown>) => {
      const startedAt = performance.now();
      await work();
      return performance.now() - startedAt;
    };
    const wholeMs = await timeOf(() =>
      collect(backend.generate(ask('whole '.repeat(1200), { max_new_tokens: 1 }))),
    );
    const controller = new AbortController();
    const cutMs = await timeOf(async () => {
      const run = backend.generate(
        ask('cut '.repeat(1200), { max_new_tokens: 1 }, undefined, controller.signal),
      );
      for await (const event of run) {
        expect(event.type).toBe('progress');
        controller.abort();
      }
      // Answered only when the engine has left the long prompt.
      await collect(backend.generate(ask('Hello', { max_new_tokens: 1 })));
    });
    expect(cutMs).toBeLessThan(wholeMs / 2);
  }, 60_000);

  it('says how far it has read a long prompt', async () => {
    const { events } = await collect(backend.generate(ask('word '.repeat(700), { max_new_tokens: 1 })));
    const fractions = events.flatMap((event) =>
      event.type === 'progress' && event.label === 'reading' ? event.fraction : [],
    );
    expect(fractions.length).toBeGreaterThan(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  }, 60_000);

  it('counts tokens as the model reads them', async () => {
    expect(await backend.countTokens('<|im_start|>user\nHello<|im_end|>')).toBe(5);
  });

  it('costs the running answer alone when its engine is killed, and comes back by itself', async () => {
    await backend.warmUp();
    const run = collect(backend.generate(ask('Once upon a time', { temperature: 1, max_new_tokens: 4000 })));
    // Never process 0, which is the group of this one.
    setTimeout(() => backend.pid !== undefined && process.kill(backend.pid, 'SIGKILL'), 300);
    await expect(run).rejects.toMatchObject({ code: 'backend-unreachable', retryable: true });
    expect((await collect(backend.generate(ask('Hello', { max_new_tokens: 2 })))).finish).toBe('length');
  });

  it('leaves no process behind', async () => {
    const other = new LocalBackend({ type: 'local', path });
    await other.warmUp();
    const { pid = 0 } = other;
    await other.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('a model folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'parlance-model-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const copy = (name: string): string => {
    const folder = join(root, name);
    cpSync(path, folder, { recursive: true });
    return folder;
  };

  it('that is missing is named', async () => {
    await expect(readModelFolder(join(root, 'none'))).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining(join(root, 'none')) as string,
    });
  });

  const damages: [name: string, file: string, damage: (file: string) => void][] = [
    ['a missing file', 'tokenizer.json', (file) => rmSync(file)],
    ['broken JSON', 'config.json', (file) => truncateSync(file, 100)],
    ['missing weights', 'onnx/model_q4.onnx_data', (file) => rmSync(file)],
    ['empty weights', 'onnx/model_q4.onnx_data_1', (file) => truncateSync(file, 0)],
    [
      'a pointer of Git LFS',
      'onnx/model_q4.onnx',
      (file) => writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\n'),
    ],
  ];
  for (const [name, file, damage] of damages) {
    it(`with ${name} names the file and what to do`, async () => {
      const folder = copy(name.replaceAll(' ', '-'));
      damage(join(folder, file));
      const thrown: unknown = await readModelFolder(folder).catch((fault: unknown) => fault);
      expect(thrown).toMatchObject({
        code: 'model-unavailable',
        message: expect.stringContaining(join(folder, file)) as string,
      });
      expect((thrown as { details: { remedy: string } }).details.remedy).not.toBe('');
    });
  }

  for (const file of ['onnx/model_q4.onnx', 'onnx/model_q4.onnx_data']) {
    it(`with ${file} cut short cannot be loaded, and says so`, async () => {
      const folder = copy(`cut-${file.replaceAll('/', '-')}`);
      truncateSync(join(folder, file), 100_000);
      const backend = new LocalBackend({ type: 'local', path: folder });
      expect(await backend.warmUp()).toMatchObject({
        state: 'unavailable',
        reason: expect.stringContaining(folder) as string,
      });
      await expect(collect(backend.generate(ask('Hello')))).rejects.toMatchObject({
        code: 'model-unavailable',
      });
      await backend.close();
    });
  }
});
