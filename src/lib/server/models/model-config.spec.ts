import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Note } from '../backends/backend';
import { readEnv } from '../config/env';
import { projectRoot } from '../programs';
import { bundledModelId, dateNormaliserId } from './found-models';
import { openModels } from './open-models';
import { readOperatorModels } from './operator-models';

const scratch = mkdtempSync(join(tmpdir(), 'parlance-models-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const models = join(scratch, 'models');
const put = (name: string, file: string, content: object) => {
  mkdirSync(join(models, name, 'onnx'), { recursive: true });
  writeFileSync(join(models, name, file), JSON.stringify(content));
};
cpSync(join(projectRoot(), 'models', dateNormaliserId), join(models, dateNormaliserId), { recursive: true });
put('zoo/vit', 'config.json', { architectures: ['ViTForImageClassification'] });
put('alone', 'config.json', { architectures: ['LlamaForCausalLM'], vocab_size: 9 });
put('.hidden/model', 'config.json', {});
put('too/deep/model', 'config.json', {});
mkdirSync(join(models, 'no-model'));

const settings = (source: NodeJS.ProcessEnv) => readEnv(source, projectRoot());
const configsOf = async (source: NodeJS.ProcessEnv) => {
  const { listed, local } = await readOperatorModels(settings(source), undefined);
  return [...listed, ...local];
};
const idsOf = async (source: NodeJS.ProcessEnv) => (await configsOf(source)).map(({ id }) => id);
const open = async (source: NodeJS.ProcessEnv, note: Note) => {
  const ignored = () => {};
  const discover = () => Promise.reject(new Error('No server is configured.'));
  return (await openModels(settings(source), { discover, note, warn: ignored, isAdmin: () => true }))
    .registry;
};
const scripted = '[{"id":"scripted","backend":{"type":"scripted","replies":[{"text":"Yes."}]}}]';

describe('with nothing set', () => {
  it('the chat model comes first, then the date normaliser', async () => {
    const [chat, dates] = await configsOf({});
    expect(chat).toMatchObject({
      id: bundledModelId,
      name: 'SmolLM2 135M',
      systemPrompt: '',
      isBundled: true,
      backend: { task: 'text-generation', slots: 4, context: 2048, idleUnloadMs: 900_000 },
    });
    expect(dates).toMatchObject({
      id: dateNormaliserId,
      name: 'Date normaliser',
      backend: { task: 'text2text-generation' },
    });
  });
});

describe('models in a folder', () => {
  it('are found as name or org/name, those that come with Parlance first', async () => {
    expect(await idsOf({ LOCAL_MODELS_DIR: models })).toEqual([dateNormaliserId, 'alone', 'zoo/vit']);
  });

  it('follow those of MODELS where the folder was set, and only then', async () => {
    expect(await idsOf({ MODELS: scripted })).toEqual(['scripted']);
    expect(await idsOf({ MODELS: scripted, LOCAL_MODELS_DIR: models })).toEqual([
      'scripted',
      dateNormaliserId,
      'alone',
      'zoo/vit',
    ]);
  });

  it('are offered once, as MODELS has them', async () => {
    const listed = `[{"id":"mine","backend":{"type":"local","path":"alone"}}]`;
    expect(await idsOf({ MODELS: listed, LOCAL_MODELS_DIR: models })).toEqual([
      'mine',
      dateNormaliserId,
      'zoo/vit',
    ]);
  });

  it('take the settings of local models, and their own over them', async () => {
    const own = `[{"id":"mine","backend":{"type":"local","path":"alone","slots":2}}]`;
    const [mine] = await configsOf({
      MODELS: own,
      LOCAL_MODELS_DIR: models,
      LOCAL_SLOTS: '8',
      LOCAL_CONTEXT: '512',
      LOCAL_THREADS: '3',
    });
    expect(mine?.backend).toMatchObject({ path: join(models, 'alone'), slots: 2, context: 512, threads: 3 });
  });

  it('none: the one that is missing is named', async () => {
    const empty = join(scratch, 'empty');
    mkdirSync(empty);
    expect(await idsOf({ LOCAL_MODELS_DIR: empty })).toEqual([bundledModelId]);
  });
});

it('each model says what it is or why it cannot run, and none stands in the way of another', async () => {
  const notes: [string, object][] = [];
  const registry = await open({ LOCAL_MODELS_DIR: models }, (message, details) =>
    notes.push([message, details]),
  );
  await registry.warmUp();
  const [dates, alone, vit] = registry.list();
  expect(dates).toMatchObject({
    availability: { state: 'ready' },
    contextLength: 128,
    description: expect.stringMatching(/ISO 8601.+Text to text\. T5/u) as string,
  });
  expect(dates?.supportedParameters).not.toContain('top_p');
  expect(alone?.availability).toMatchObject({
    state: 'unavailable',
    reason: expect.stringContaining('tokenizer_config.json is missing') as string,
  });
  expect(vit?.availability).toMatchObject({
    state: 'unavailable',
    reason: expect.stringContaining('ViT model') as string,
    remedy: expect.stringContaining('T5') as string,
  });
  expect(notes).toEqual([
    ['a local model was loaded', expect.objectContaining({ modelId: dateNormaliserId, binding: 'node' })],
  ]);
  await registry.close();
});

it('only the first model is loaded at the start, the others when they are first used', async () => {
  const loaded: unknown[] = [];
  const registry = await open({ MODELS: scripted, LOCAL_MODELS_DIR: models }, (_, details) =>
    loaded.push(details),
  );
  await registry.warmUp();
  expect(loaded).toEqual([]);
  const model = registry.get(dateNormaliserId);
  expect(model.summary().availability).toEqual({ state: 'ready' });
  const fractions: number[] = [];
  await model.makeReady((fraction) => fractions.push(fraction));
  expect(loaded).toHaveLength(1);
  expect(fractions.at(0)).toBe(0);
  expect(fractions.at(-1)).toBe(0.9);
  await registry.close();
});
