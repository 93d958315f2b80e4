import { afterEach, describe, expect, it } from 'vitest';
import { defaultHttpSettings } from '../http/settings';
import { discoverServer, type PastedServer } from './discover';
import { usualImages } from '../../../domain/model-summary';
import { fakeServers, listOf as list } from './fixtures';

const { fake, close } = fakeServers();
afterEach(close);

const context = { http: defaultHttpSettings, signal: new AbortController().signal };
const discover = (server: PastedServer) => discoverServer(server, context);

describe('the server at an address', () => {
  it('is TGI by its /info, old or new', async () => {
    const info = { model_id: 'org/vlm', model_pipeline_tag: 'image-text-to-text', max_total_tokens: 4096 };
    const server = await fake({
      'GET /info': { json: { ...info, max_input_tokens: 4095, router: 'text-generation-router' } },
      'GET /v1/models': list({ id: 'org/vlm', object: 'model' }),
      'POST /tokenize': { json: [{ id: 1 }] },
    });
    const models = [
      { id: 'org/vlm', contextLength: 4096, capabilities: { images: usualImages, completion: true } },
    ];
    expect(await discover({ url: `${server.url}/generate_stream` })).toEqual({
      flavour: 'tgi',
      backend: 'tgi',
      url: server.url,
      models,
    });
    expect(await discover({ url: server.url, type: 'openai' })).toMatchObject({
      flavour: 'tgi',
      backend: 'openai',
      url: `${server.url}/v1`,
    });
    const old = await fake({
      'GET /info': {
        json: {
          model_id: 'google/flan-t5',
          model_pipeline_tag: 'text2text-generation',
          max_input_length: 512,
          max_total_tokens: 1024,
        },
      },
    });
    expect(await discover({ url: old.url })).toMatchObject({
      flavour: 'tgi',
      models: [{ id: 'google/flan-t5', contextLength: 1024, capabilities: {} }],
    });
  });

  it('is Ollama, and says of each model what it can', async () => {
    const shown: Record<string, object> = {
      'llama3:latest': {
        parameters: 'stop "<|x|>"\nnum_ctx                        16384',
        model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
        capabilities: ['completion', 'tools', 'vision', 'thinking'],
      },
      'coder:1b': { model_info: { 'qwen2.context_length': 32_768 }, capabilities: ['completion', 'insert'] },
      'nomic:latest': { model_info: {}, capabilities: ['embedding'] },
    };
    const names = [...Object.keys(shown), 'broken:1b'];
    const server = await fake({
      'GET /api/version': { json: { version: '0.12.3' } },
      'GET /api/tags': {
        json: { models: names.map((name) => ({ name, model: name, size: 1, details: {} })) },
      },
      'GET /v1/models': list(...names.map((id) => ({ id, owned_by: 'library' }))),
      'POST /api/show': (body) => {
        const json = shown[(body as { model: string }).model];
        return json ? { json } : { status: 500, json: { error: 'no such file' } };
      },
    });
    expect(await discover({ url: `127.0.0.1:${String(server.port)}` })).toEqual({
      flavour: 'ollama',
      backend: 'ollama',
      url: server.url,
      models: [
        {
          id: 'llama3:latest',
          contextLength: 16_384,
          capabilities: { completion: true, images: usualImages, reasoning: true, tools: true },
        },
        { id: 'coder:1b', contextLength: 8192, capabilities: { completion: true, fillInTheMiddle: true } },
        { id: 'nomic:latest', contextLength: 8192, capabilities: {}, isEmbedding: true },
        { id: 'broken:1b', capabilities: {} },
      ],
    });
  });

  it('is Ollama where no model is installed', async () => {
    const server = await fake({
      'GET /api/version': { json: { version: '0.12.3' } },
      'GET /api/tags': { json: { models: null } },
      'GET /v1/models': { json: { object: 'list', data: null } },
    });
    expect(await discover({ url: server.url })).toMatchObject({ flavour: 'ollama', models: [] });
  });

  it('is llama.cpp, with the window that runs', async () => {
    const card = { id: '/m/Qwen3.gguf', owned_by: 'llamacpp', meta: { n_ctx_train: 40_960 } };
    const server = await fake({
      'GET /v1/models': list(card),
      'GET /models': list(card),
      'GET /props': {
        json: { default_generation_settings: { n_ctx: 4096 }, total_slots: 1, modalities: { vision: true } },
      },
    });
    const found = await discover({ url: server.url });
    expect(found).toEqual({
      flavour: 'llama.cpp',
      backend: 'openai',
      url: `${server.url}/v1`,
      models: [
        {
          id: '/m/Qwen3.gguf',
          name: 'Qwen3',
          contextLength: 4096,
          capabilities: { completion: true, images: usualImages },
        },
      ],
    });
  });

  it('is LM Studio, which knows what is an embedding', async () => {
    const server = await fake({
      'GET /v1/models': list({ id: 'qwen' }, { id: 'vectors' }),
      'GET /api/v0/models': list(
        {
          id: 'qwen',
          type: 'vlm',
          state: 'not-loaded',
          max_context_length: 32_768,
          capabilities: ['tool_use'],
        },
        { id: 'vectors', type: 'embeddings', state: 'not-loaded', max_context_length: 512 },
      ),
    });
    expect(await discover({ url: `${server.url}/v1` })).toEqual({
      flavour: 'lm-studio',
      backend: 'openai',
      url: `${server.url}/v1`,
      models: [
        { id: 'qwen', contextLength: 32_768, capabilities: { images: usualImages, tools: true } },
        { id: 'vectors', contextLength: 512, capabilities: {}, isEmbedding: true },
      ],
    });
  });

  it('is vLLM', async () => {
    const server = await fake({
      'GET /v1/models': list({ id: 'org/m', owned_by: 'vllm', max_model_len: 8192 }),
    });
    expect(await discover({ url: server.url })).toEqual({
      flavour: 'vllm',
      backend: 'openai',
      url: `${server.url}/v1`,
      models: [{ id: 'org/m', contextLength: 8192, capabilities: { completion: true } }],
    });
  });

  it('is anything with a list, wherever below or above the address it stands', async () => {
    const server = await fake({ 'GET /gateway/openai/models': { json: ['a', 'b'] } }, { key: 'k-123456' });
    for (const end of ['', '/chat/completions']) {
      const found = await discover({ url: `${server.url}/gateway/openai${end}`, apiKey: 'k-123456' });
      expect(found).toMatchObject({
        flavour: 'unknown',
        backend: 'openai',
        url: `${server.url}/gateway/openai`,
      });
      expect(found.models.map(({ id }) => id)).toEqual(['a', 'b']);
    }
    expect(server.asked.every(({ key }) => key === 'Bearer k-123456')).toBe(true);
    const page = await fake(
      { 'GET /v1/models': list({ id: 'm' }) },
      { otherwise: { headers: { 'content-type': 'text/html' }, text: '<!doctype html><p>Chat' } },
    );
    expect(await discover({ url: `${page.url}/chat/17` })).toMatchObject({ url: `${page.url}/v1` });
  });

  it.each([404, 405])('may have no list (%i)', async (status) => {
    const server = await fake(
      { 'POST /v1/chat/completions': { status: 422, json: { detail: [{ msg: 'field required' }] } } },
      { otherwise: { status, json: {} } },
    );
    expect(await discover({ url: server.url })).toEqual({
      flavour: 'unknown',
      backend: 'openai',
      url: `${server.url}/v1`,
      models: [],
    });
  });
});
