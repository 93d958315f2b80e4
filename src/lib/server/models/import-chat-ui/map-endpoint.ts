import { Fields, isRecord } from './fields';
import { huggingFaceKeys, isSecretName, openAiKeys, type Secrets } from './secrets';

/** What a server of ours takes, as the file of models has it. */
export type Backend = { type: string; url?: string } & Record<string, unknown>;

export interface EndpointContext {
  /** Id of the model, for names of keys. */
  model: string;
  /** The name that servers know it by. */
  name: string;
  secrets: Secrets;
  note: (field: string, why: string) => void;
  /** Whether prompts of this model are written by a template of its own. */
  hasTemplate: boolean;
}

type Mapper = (endpoint: Fields, context: EndpointContext) => Backend | undefined;

/** Makes a backend of an endpoint of chat-ui; nothing, and a note, where there is none for its type. */
export function mapEndpoint(
  value: unknown,
  context: EndpointContext,
): { backend: Backend; multimodal: unknown } | undefined {
  const endpoint = Fields.of(value);
  const multimodal = endpoint.any('multimodal');
  const host = endpoint.text('host');
  const type = endpoint.text('type') ?? (host === 'sagemaker' ? 'aws' : 'tgi');
  const map = Object.hasOwn(mappers, type) ? mappers[type] : undefined;
  if (!map) {
    context.note('endpoints', `There is no backend for endpoints of type ${type}${elsewhere[type] ?? ''}.`);
    return undefined;
  }
  const backend = map(endpoint, context);
  const weight = endpoint.any('weight');
  const share = typeof weight === 'number' && weight > 0 && weight !== 1 ? { weight } : {};
  for (const name of endpoint.unused())
    context.note(`endpoints.${name}`, `Endpoints of type ${backend?.type ?? type} have no such setting.`);
  if (!backend) return undefined;
  const { url } = backend;
  if (url !== undefined && !/^https?:\/\/|^\$\{/u.test(url)) {
    context.note('endpoints', 'One has no address that begins with http:// or https://, and was left out.');
    return undefined;
  }
  return { backend: { ...backend, ...share }, multimodal };
}

const elsewhere: Record<string, string> = {
  aws: ': put a server that speaks the OpenAI API before it',
  bedrock: ': put a server that speaks the OpenAI API before it',
  langserve: ': put a server that speaks the OpenAI API before it',
  local: ' with GGUF files: serve them with llama.cpp or Ollama, or put an ONNX model into LOCAL_MODELS_DIR',
};

const huggingFace = /(?:^|\.)(?:huggingface\.co|huggingface\.cloud|hf\.space)$/u;
const router = 'https://router.huggingface.co/v1';

const mappers: Record<string, Mapper | undefined> = {
  tgi: (endpoint, context) => {
    const given = endpoint.text('url');
    if (given === undefined) return onRouter(context);
    const url = given.replace(/\/(?:generate_stream|generate)?\/*$/u, '');
    return {
      type: 'tgi',
      url: context.secrets.address(url, context.model),
      ...authorization(endpoint, url, context),
    };
  },
  openai: (endpoint, context) =>
    openAi(endpoint, context, endpoint.text('baseURL') ?? 'https://api.openai.com/v1'),
  llamacpp: (endpoint, context) => {
    const base = endpoint.text('baseURL', 'url') ?? 'http://127.0.0.1:8080';
    const key = endpoint.text('accessToken');
    return {
      type: 'openai',
      url: context.secrets.address(`${base.replace(/\/+$/u, '').replace(/\/v1$/u, '')}/v1`, context.model),
      model: context.name,
      ...(context.hasTemplate && { accepts: ['prompt'] }),
      ...(key !== undefined && { apiKey: context.secrets.reference(key, context.model) }),
    };
  },
  ollama: (endpoint, context) => ({
    type: 'ollama',
    url: context.secrets.address(
      (endpoint.text('url') ?? 'http://127.0.0.1:11434').replace(/\/+$/u, ''),
      context.model,
    ),
    model: endpoint.text('ollamaName') ?? context.name,
  }),
  'inference-client': (endpoint, context) => {
    const provider = endpoint.text('provider');
    const url = endpoint.text('baseURL');
    const key = endpoint.text('accessToken', 'apiKey');
    const place = url === undefined ? { provider } : { url: context.secrets.address(url, context.model) };
    if (url !== undefined && provider !== undefined)
      context.note('endpoints.provider', 'An address of its own has no other provider.');
    return {
      type: 'inference-client',
      model: endpoint.text('modelName') ?? context.name,
      ...place,
      ...keyOf(key, context, url === undefined || isHuggingFace(url) ? huggingFaceKeys : []),
      ...headers(endpoint, 'customHeaders', context),
    };
  },
  anthropic: (endpoint, context) => compatible(endpoint, context, 'https://api.anthropic.com/v1'),
  genai: (endpoint, context) =>
    compatible(endpoint, context, 'https://generativelanguage.googleapis.com/v1beta/openai'),
  cohere: (endpoint, context) => compatible(endpoint, context, 'https://api.cohere.ai/compatibility/v1'),
  cloudflare: (endpoint, context) =>
    compatible(
      endpoint,
      context,
      `https://api.cloudflare.com/client/v4/accounts/${endpoint.text('accountId') ?? 'ACCOUNT'}/ai/v1`,
    ),
};

/** Where chat-ui went without an endpoint: the service of Hugging Face, which speaks the OpenAI API today. */
export function onRouter({ name, secrets, note }: EndpointContext): Backend {
  note('endpoints', 'It had no address, so it is asked for at the router of Hugging Face.');
  const apiKey = secrets.ofVariable(...huggingFaceKeys);
  return { type: 'openai', url: router, model: name, ...(apiKey !== undefined && { apiKey }) };
}

function openAi(endpoint: Fields, context: EndpointContext, url: string): Backend {
  const api = endpoint.text('completion');
  const query = endpoint.texts('defaultQuery');
  if (endpoint.any('streamingSupported') === false)
    context.note('endpoints.streamingSupported', 'Answers are always asked for as a stream.');
  if (endpoint.isTrue('useCompletionTokens'))
    context.note(
      'endpoints.useCompletionTokens',
      'The driver finds out which name of max_tokens a server takes.',
    );
  return {
    type: 'openai',
    url: context.secrets.address(url.replace(/\/+$/u, ''), context.model),
    model: context.name,
    ...(api === 'completions' && { accepts: ['prompt'] }),
    ...keyOf(endpoint.text('apiKey', 'accessToken'), context, openAiKeys),
    ...headers(endpoint, 'defaultHeaders', context),
    ...(Object.keys(query).length > 0 && { query: context.secrets.values(query, context.model) }),
    ...body(endpoint, context),
  };
}

function compatible(endpoint: Fields, context: EndpointContext, url: string): Backend {
  context.note('endpoints', `It is asked through the OpenAI API that it offers at ${new URL(url).host}.`);
  const key = endpoint.text('apiKey', 'apiToken');
  return {
    type: 'openai',
    url: endpoint.text('baseURL') ?? url,
    model: context.name,
    ...(key !== undefined && { apiKey: context.secrets.reference(key, context.model) }),
    ...headers(endpoint, 'defaultHeaders', context),
  };
}

/** The key of an endpoint; chat-ui sent one of its own, which `variables` hold, where there was none. */
function keyOf(
  key: string | undefined,
  { secrets, model }: EndpointContext,
  variables: readonly string[],
): { apiKey?: string } {
  const apiKey = key === undefined ? secrets.ofVariable(...variables) : secrets.reference(key, model);
  return apiKey === undefined ? {} : { apiKey };
}

/** chat-ui sent the token of Hugging Face to every TGI server, and to those of its client; here only Hugging Face gets it. */
function authorization(endpoint: Fields, url: string, { secrets, model }: EndpointContext) {
  const token = endpoint.text('accessToken');
  const whole = endpoint.text('authorization');
  const bearer = token ?? /^Bearer\s+(\S+)$/iu.exec(whole ?? '')?.[1];
  if (bearer !== undefined) return { apiKey: secrets.reference(bearer, model) };
  if (whole !== undefined)
    return { headers: { Authorization: secrets.reference(whole, `${model} authorization`) } };
  const apiKey = isHuggingFace(url) ? secrets.ofVariable(...huggingFaceKeys) : undefined;
  return apiKey === undefined ? {} : { apiKey };
}

function isHuggingFace(url: string): boolean {
  return URL.canParse(url) && huggingFace.test(new URL(url).hostname);
}

function headers(endpoint: Fields, field: string, { secrets, model }: EndpointContext) {
  const given = endpoint.texts(field);
  return Object.keys(given).length > 0 ? { headers: secrets.values(given, model) } : {};
}

function body(endpoint: Fields, { note }: EndpointContext): { body?: Record<string, unknown> } {
  const given = endpoint.any('extraBody');
  if (!isRecord(given)) return {};
  const secret = Object.keys(given).filter(isSecretName);
  for (const name of secret)
    note(`endpoints.extraBody.${name}`, 'It looks like a key; put it into a header instead.');
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !secret.includes(name)));
  return Object.keys(rest).length > 0 ? { body: rest } : {};
}
