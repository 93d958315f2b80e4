import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors';
import { readModelsFile } from './models-file';

const env = { KEY: 'sk-secret', HOST: 'gpu' };
const read = (text: string, path = 'models.yaml') => readModelsFile(text, { path, env });

function faultsOf(text: string, path?: string): string[] {
  try {
    read(text, path);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'config-invalid') return thrown.message.split('\n');
    throw thrown;
  }
  return [];
}

const yaml = `# Ours
servers:
  - url: http://\${HOST}:8000/v1
    apiKey: \${KEY}
    headers: { x-team: "$\${KEY}" }
models:
  - id: yes-model
    systemPrompt: Say \${KEY}.
    backend:
      type: scripted
      replies:
        - text: Yes.
`;
const model = { id: 'yes', backend: { type: 'scripted', replies: [{ text: 'Yes.' }] } };

describe('a good file', () => {
  it('is YAML, with variables in addresses, keys and headers only', () => {
    const { servers, models } = read(yaml);
    expect(servers).toEqual([
      { url: 'http://gpu:8000/v1', apiKey: 'sk-secret', headers: { 'x-team': '${KEY}' } },
    ]);
    expect(models[0]).toMatchObject({ id: 'yes-model', systemPrompt: 'Say ${KEY}.' });
  });

  it.each([
    ['models.json', JSON.stringify([model], null, '\t')],
    ['models.json5', `// mine\n[{ id: 'yes', backend: ${JSON.stringify(model.backend)}, },]`],
    ['models', `/* mine */ { models: [${JSON.stringify(model)}] }`],
    ['models', '- id: yes\n  backend: { type: scripted, replies: [{ text: Yes. }] }'],
  ])('in %s may be %j', (path, text) => {
    expect(read(text, path).models).toEqual([model]);
  });

  it('may retire a model without a backend', () => {
    expect(read(`[{ id: 'old', replacedBy: 'new' }]`, 'x.json5').models).toEqual([
      { id: 'old', replacedBy: 'new' },
    ]);
  });
});

describe('a bad file', () => {
  it('has all its faults told at once, each with its line and key', () => {
    const text = yaml
      .replace('http://${HOST}:8000/v1', 'gpu:8000')
      .replace('${KEY}', '${NO_KEY}')
      .replace('systemPrompt:', 'systemprompt:')
      .replace('- text: Yes.', '- test: Yes.');
    expect(faultsOf(text)).toEqual([
      'models.yaml:3: servers.0.url: is not an address such as http://localhost:8000.',
      'models.yaml:4: servers.0.apiKey: the variable NO_KEY is not set.',
      'models.yaml:8: models.0.systemprompt: unknown key; did you mean "systemPrompt"?',
      'models.yaml:12: models.0.backend.replies.0.text: is missing.',
      'models.yaml:12: models.0.backend.replies.0.test: unknown key; did you mean "text"?',
    ]);
  });

  it.each<[string, RegExp[]]>([
    ['[{}]', [/1: 0\.id: is missing/u, /1: 0\.backend: is missing/u]],
    ['- id: a\n  backend: { type: vllm }', [/:2: 0\.backend\.type: must be one of .+ not "vllm"/u]],
    [`[{"id":"a","replacedBy":"a"}]`, [/0\.replacedBy: is the model itself/u]],
    [`[{"id":"a","replacedBy":"b"},{"id":"a","replacedBy":"b"}]`, [/1\.id: another model/u]],
    [
      '- id: a\n  replacedBy: b\n  parameterLimits: { temprature: { max: 1 } }',
      [/did you mean "temperature"/u],
    ],
    ['- id: a\n  replacedBy: b\n  parameterLimits: { top_k: { min: 2, max: 1 } }', [/min is more than max/u]],
    ['- id: a\n  replacedBy: b\n  nmae: c', [/nmae: unknown key; did you mean "name"/u]],
    ['servers: []', [/there is no model and no server/u]],
    ['', [/expected object/u]],
    ['server: []\nmodels: [{ id: a, replacedBy: b }]', [/:1: server: .+"servers"/u]],
    ['- id: a\n  id: b', [/:2: Map keys must be unique/u]],
    ['- id: [a', [/models.yaml:1: /u]],
  ])('%j', (text, patterns) => {
    const faults = faultsOf(text);
    expect(faults).toEqual(patterns.map((pattern) => expect.stringMatching(pattern) as string));
  });

  it('quotes nothing of it, which may be a key', () => {
    for (const text of [
      '[{ apiKey: sk-key',
      'apiKey: "sk-key',
      '- apiKey: sk-key: x',
      'a: *sk-key',
      'a: !sk-key b',
    ]) {
      for (const path of ['a.yaml', 'a.json5']) {
        const faults = faultsOf(text, path).join();
        expect(faults).toMatch(/^a\./u);
        expect(faults.replaceAll('*', '')).not.toContain('sk-key');
      }
    }
  });
});
