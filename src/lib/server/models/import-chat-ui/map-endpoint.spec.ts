import { describe, expect, it } from 'vitest';
import { model } from './__fixtures__/imported';

const image = {
  supportedMimeTypes: ['image/png'],
  maxSizeInMB: 5,
  maxWidth: 378,
  maxHeight: 980,
  preferredMimeType: 'x',
};

describe('an endpoint', () => {
  it.each([
    [
      'of TGI without a type',
      { url: 'https://x.endpoints.huggingface.cloud/generate' },
      { type: 'tgi', url: 'https://x.endpoints.huggingface.cloud', apiKey: '${HF_TOKEN}' },
      [],
    ],
    [
      'of TGI elsewhere gets no token',
      { type: 'tgi', url: 'http://10.0.0.1' },
      { type: 'tgi', url: 'http://10.0.0.1' },
      [],
    ],
    [
      'with a password in its address',
      { type: 'tgi', url: 'http://u:p@10.0.0.1' },
      { type: 'tgi', url: '${ORG_NAME_URL}' },
      [],
    ],
    [
      'of OpenAI',
      {
        type: 'openai',
        apiKey: 'sk-1',
        defaultHeaders: { 'x-team': 'a', 'x-api-key': 'k' },
        defaultQuery: { version: 1 },
        extraBody: { user: 'u', api_token: 't' },
        completion: 'chat_completions',
      },
      {
        type: 'openai',
        url: 'https://api.openai.com/v1',
        model: 'org/name',
        apiKey: '${ORG_NAME_KEY}',
        headers: { 'x-team': 'a', 'x-api-key': '${ORG_NAME_X_API_KEY}' },
        query: { version: '1' },
        body: { user: 'u' },
      },
      ['endpoints.extraBody.api_token'],
    ],
    [
      'of OpenAI with the key of the environment',
      { type: 'openai', baseURL: 'http://10.0.0.1:8000/v1/', completion: 'completions' },
      {
        type: 'openai',
        url: 'http://10.0.0.1:8000/v1',
        model: 'org/name',
        accepts: ['prompt'],
        apiKey: '${HF_TOKEN}',
      },
      ['chatTemplate'],
    ],
    [
      'of llama.cpp',
      { type: 'llamacpp', url: 'http://10.0.0.1:8080/' },
      { type: 'openai', url: 'http://10.0.0.1:8080/v1', model: 'org/name' },
      [],
    ],
    [
      'of Ollama',
      { type: 'ollama', ollamaName: 'name:7b' },
      { type: 'ollama', url: 'http://127.0.0.1:11434', model: 'name:7b' },
      [],
    ],
    [
      'of the inference client',
      { type: 'inference-client', provider: 'together', modelName: 'org/other' },
      { type: 'inference-client', model: 'org/other', provider: 'together', apiKey: '${HF_TOKEN}' },
      [],
    ],
    [
      'of the inference client elsewhere',
      {
        type: 'inference-client',
        baseURL: 'http://10.0.0.1:8000',
        provider: 'hf-inference',
        customHeaders: { a: 'b' },
      },
      {
        type: 'inference-client',
        url: 'http://10.0.0.1:8000',
        model: 'org/name',
        headers: { a: 'b' },
      },
      ['endpoints.provider'],
    ],
    [
      'of Anthropic',
      { type: 'anthropic', apiKey: 'sk-ant' },
      { type: 'openai', url: 'https://api.anthropic.com/v1', model: 'org/name', apiKey: '${ORG_NAME_KEY}' },
      ['endpoints'],
    ],
    [
      'of Cloudflare',
      { type: 'cloudflare', accountId: 'a1', apiToken: 't' },
      {
        type: 'openai',
        url: 'https://api.cloudflare.com/client/v4/accounts/a1/ai/v1',
        model: 'org/name',
        apiKey: '${ORG_NAME_KEY}',
      },
      ['endpoints'],
    ],
  ] as const)('%s', (_, endpoint, backend, expected) => {
    const { models, notes, yaml } = model({ name: 'org/name', endpoints: [endpoint] }, 'HF_TOKEN=hf_secret');
    expect(models[0]?.backend).toEqual(backend);
    expect(notes.sort()).toEqual(expected.map((field) => `org/name ${field}`).sort());
    expect(yaml).not.toMatch(/hf_secret|sk-1|sk-ant|u:p|: k$/mu);
  });

  it.each(['aws', 'bedrock', 'vertex', 'langserve', 'anthropic-vertex', 'local', 'constructor'])(
    'of type %s is said to have no equal',
    (type) => {
      expect(model({ name: 'm', endpoints: [{ type, url: 'http://x' }] })).toMatchObject({
        models: [],
        notes: ['m endpoints', 'm'],
      });
    },
  );

  it('that is missing means the service of Hugging Face', () => {
    const { models, notes, toSet } = model({ name: 'org/name' }, 'HF_TOKEN=hf_1');
    expect(models[0]?.backend).toEqual({
      type: 'openai',
      url: 'https://router.huggingface.co/v1',
      model: 'org/name',
      apiKey: '${HF_TOKEN}',
    });
    expect(notes).toEqual(['org/name endpoints']);
    expect(toSet.map(({ name }) => name)).toEqual(['HF_TOKEN']);
  });

  it('has its own name for the model beside the others, and what is for all is said of the first', () => {
    const ollama = (host: string, ollamaName?: string) => ({
      type: 'ollama',
      url: `http://${host}`,
      ...(ollamaName && { ollamaName }),
    });
    const endpoints = [ollama('a', 'name:7b'), ollama('b', 'name:7b-q8'), ollama('c', 'name:7b')];
    const { models, notes } = model({ name: 'org/name', endpoints });
    expect(models[0]?.backend).toEqual({
      type: 'ollama',
      url: 'http://a',
      model: 'name:7b',
      endpoints: [{ url: 'http://b', model: 'name:7b-q8' }, { url: 'http://c' }],
    });
    expect(notes).toEqual([]);
    const openai = (host: string, extraBody: object) => ({
      type: 'openai',
      baseURL: `http://${host}`,
      extraBody,
    });
    const differing = model({ name: 'm', endpoints: [openai('a', { x: 1 }), openai('b', { x: 2 })] });
    expect(differing.models[0]?.backend).toMatchObject({ body: { x: 1 }, endpoints: [{ url: 'http://b' }] });
    expect(differing.notes).toEqual(['m endpoints.extraBody']);
  });

  it('without an address has none beside it', () => {
    const client = (provider: string) => ({ type: 'inference-client', provider });
    const { models, notes } = model({ name: 'org/name', endpoints: [client('together'), client('novita')] });
    expect(models[0]?.backend).toEqual({ type: 'inference-client', model: 'org/name', provider: 'together' });
    expect(notes).toEqual(['org/name endpoints']);
  });

  it('of the inference client does not get the key of OpenAI', () => {
    const keys = 'OPENAI_API_KEY=sk-2\nHF_TOKEN=hf_2';
    const { models } = model({ name: 'm', endpoints: [{ type: 'inference-client' }] }, keys);
    expect(models[0]?.backend).toMatchObject({ apiKey: '${HF_TOKEN}' });
  });

  it('that takes images says which', () => {
    const endpoints = [{ type: 'tgi', url: 'http://x', multimodal: { image } }];
    const { models } = model({ name: 'idefics', multimodal: true, endpoints });
    expect(models[0]).toMatchObject({
      capabilities: { images: { mimeTypes: ['image/png'], maxBytes: 5_000_000, maxPixels: 980 } },
      backend: { images: true },
    });
  });

  it('whose model begins in its thoughts says so', () => {
    const reasoning = (given: object) =>
      model({ name: 'm', reasoning: given, endpoints: [{ type: 'openai', baseURL: 'http://x/v1' }] });
    const open = reasoning({ type: 'tokens', beginToken: '', endToken: '</think>' });
    expect(open).toMatchObject({ notes: [], models: [{ capabilities: { reasoning: true } }] });
    expect(open.models[0]?.backend).toMatchObject({ reasoning: { startsOpen: true } });
    const marked = reasoning({ type: 'tokens', beginToken: '<think>', endToken: '</think>' });
    expect(marked.notes).toEqual([]);
    expect(marked.models[0]?.backend).not.toHaveProperty('reasoning');
    expect(reasoning({ type: 'tokens', beginToken: '[T]', endToken: '[/T]' }).notes).toEqual(['m reasoning']);
    expect(reasoning({ type: 'summarize' }).notes).toEqual(['m reasoning']);
  });
});
