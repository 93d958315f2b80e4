import { Fields, isRecord } from './fields';
import { mapEndpoint, onRouter, type Backend, type EndpointContext } from './map-endpoint';
import { mapParameters } from './map-parameters';
import { mapTemplate, usualTemplate } from './map-template';
import type { Report } from './report';
import { openAiKeys, type Secrets } from './secrets';

/** An entry of the file of models. */
export type MappedModel = { id: string } & Record<string, unknown>;

export interface ModelContext {
  secrets: Secrets;
  report: Report;
  /** The server of entries without endpoints, in the form that chat-ui has had since 2025-09. */
  baseUrl: string | undefined;
  /** Of models by their names, which other variables may use. */
  ids: Map<string, string>;
}

/** Makes an entry of ours of one of `MODELS`; nothing, and a note, where nothing can serve it. */
export function mapModel(value: unknown, context: ModelContext): MappedModel | undefined {
  const { report } = context;
  if (typeof value === 'string') {
    report.note(
      value,
      '',
      'Files of llama.cpp are not read. Serve it with llama.cpp or Ollama, and connect that.',
    );
    return undefined;
  }
  const entry = Fields.of(value);
  const name = entry.text('name', 'id');
  const id = entry.text('id', 'name');
  if (name === undefined || id === undefined) {
    report.note('MODELS', '', 'An entry has no name, and was left out.');
    return undefined;
  }
  const note = (field: string, why: string) => report.note(id, field, why);
  const template = mapTemplate(entry, note);
  const served = backendOf(entry, { ...context, model: id, name, note, hasTemplate: template !== undefined });
  if (!served) return undefined;
  const { backend, multimodal } = served;
  const able = capabilities(entry, multimodal, note);
  const sees = able.capabilities?.images !== undefined;
  const mapped = {
    id,
    ...presentation(entry, note),
    ...behaviour(entry, note),
    ...templateFor(entry, { backend, template, name, note }),
    ...able,
    backend: {
      ...backend,
      // TGI does not say whether its model sees.
      ...(backend.type === 'tgi' && sees && { images: true }),
      ...(backend.type === 'openai' && beginsOpen(entry) && { reasoning: { startsOpen: true } }),
    },
  };
  context.ids.set(name, id);
  for (const field of entry.unused()) note(field, unknownFields[field] ?? 'There is no such setting here.');
  return mapped;
}

const unknownFields: Record<string, string> = {
  embeddingModel: 'There is no search in documents and the web that would need it.',
  websearch: 'There is no search in the web.',
};

type Note = (field: string, why: string) => void;

function presentation(entry: Fields, note: Note) {
  const displayName = entry.text('displayName');
  const description = entry.text('description');
  const logo = entry.text('logoUrl');
  if (logo !== undefined)
    note(
      'logoUrl',
      'Pages load nothing from other servers. Put the picture beside the file, and its path into logo.',
    );
  const links = Object.fromEntries(
    (
      [
        ['Website', 'websiteUrl'],
        ['Model', 'modelUrl'],
        [entry.text('datasetName') ?? 'Dataset', 'datasetUrl'],
      ] as const
    ).flatMap(([label, field]) => {
      const url = entry.text(field);
      if (url === undefined) return [];
      if (/^https?:\/\/./u.test(url) && URL.canParse(url)) return [[label.slice(0, 100), url]];
      note(field, 'It is no address.');
      return [];
    }),
  );
  return {
    ...(displayName !== undefined && { name: displayName.slice(0, 200) }),
    ...(description !== undefined && { description: description.slice(0, 1000) }),
    ...(Object.keys(links).length > 0 && { links }),
    ...(entry.isTrue('unlisted') && { unlisted: true }),
  };
}

function behaviour(entry: Fields, note: Note) {
  const systemPrompt = entry.text('preprompt');
  if (entry.text('prepromptUrl') !== undefined)
    note('prepromptUrl', 'Nothing is fetched at the start. Put the text into systemPrompt.');
  const examples = entry.list('promptExamples').flatMap((one) => {
    const example = Fields.of(one);
    const [title, prompt] = [example.text('title'), example.text('prompt')];
    return title === undefined || prompt === undefined ? [] : [{ title, prompt }];
  });
  const { parameters, contextLength } = mapParameters(entry.any('parameters'), note);
  return {
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(examples.length > 0 && { promptExamples: examples }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(contextLength !== undefined && { contextLength }),
    ...(entry.any('systemRoleSupported') === false && { systemRole: false }),
  };
}

interface TemplateContext {
  backend: Backend;
  template: ReturnType<typeof mapTemplate>;
  name: string;
  note: Note;
}

/** Only where prompts are made here does a model need a template; other servers have the model's own, TGI if it is given none. */
function templateFor(entry: Fields, { backend, template, name, note }: TemplateContext) {
  const given = entry.any('tokenizer');
  const tokenizer =
    typeof given === 'string' ? given : Fields.of(given).text('tokenizerUrl', 'tokenizerConfigUrl');
  if (backend.type === 'tgi' && template) return { chatTemplate: template };
  if (backend.accepts === undefined) {
    if (template) note('chatPromptTemplate', 'The server uses the template of the model itself.');
    if (tokenizer !== undefined) note('tokenizer', 'The server uses the tokenizer of the model itself.');
    return {};
  }
  if (template) return { chatTemplate: template };
  const { builtIn, isKnown } = usualTemplate(name, tokenizer);
  const file =
    'Or put its tokenizer_config.json beside the file of models, and name it in chatTemplate.file.';
  if (tokenizer !== undefined)
    note(
      'tokenizer',
      `No tokenizer is fetched at the start; the built-in template ${builtIn} is used. ${file}`,
    );
  else if (!isKnown) note('chatTemplate', `It had no template, so ChatML is used, as chat-ui did. ${file}`);
  return { chatTemplate: { builtIn } };
}

function capabilities(
  entry: Fields,
  multimodal: unknown,
  note: Note,
): { capabilities?: Record<string, unknown> } {
  const seen = isRecord(multimodal) ? Fields.of(multimodal.image) : Fields.of(undefined);
  const sees = entry.isTrue('multimodal') || isRecord(multimodal);
  const megabytes = seen.any('maxSizeInMB');
  const sides = [seen.any('maxWidth'), seen.any('maxHeight')].filter((side) => typeof side === 'number');
  const types = [...entry.list('multimodalAcceptedMimetypes'), ...seen.list('supportedMimeTypes')].filter(
    (type): type is string => typeof type === 'string' && /^image\/[a-z0-9.+-]+$/u.test(type),
  );
  const images = {
    ...(typeof megabytes === 'number' && megabytes > 0 && { maxBytes: Math.floor(megabytes * 1_000_000) }),
    ...(sides.length > 0 && { maxPixels: Math.max(...sides) }),
    ...(types.length > 0 && { mimeTypes: [...new Set(types)] }),
  };
  const reasons = entry.any('reasoning');
  if (isRecord(reasons)) noteReasoning(Fields.of(reasons), note);
  const mapped = {
    ...(sees && { images: Object.keys(images).length > 0 ? images : true }),
    ...((isRecord(reasons) || entry.isTrue('supportsReasoning')) && { reasoning: true }),
    ...(entry.isTrue('tools', 'supportsTools') && { tools: true }),
  };
  return Object.keys(mapped).length > 0 ? { capabilities: mapped } : {};
}

/** Whether an answer shows only where the thoughts end. */
function beginsOpen(entry: Fields): boolean {
  const reasoning = Fields.of(entry.any('reasoning'));
  return reasoning.text('type') === 'tokens' && reasoning.any('beginToken') === '';
}

function noteReasoning(reasoning: Fields, note: Note): void {
  const type = reasoning.text('type');
  const begin = reasoning.any('beginToken');
  if (type !== 'tokens')
    note('reasoning', 'Thoughts are found by the fields of the server and by <think>, not so.');
  else if (begin !== '<think>' && begin !== '')
    note(
      'reasoning',
      'Thoughts are found by the fields of the server and by <think>; other marks are not known.',
    );
}

/** The first endpoint that can be used, and those of its kind beside it. */
function backendOf(entry: Fields, context: EndpointContext & ModelContext) {
  const { note, baseUrl, secrets, name } = context;
  const listed = entry.list('endpoints');
  if (listed.length === 0) {
    if (baseUrl === undefined) return { backend: onRouter(context), multimodal: undefined };
    const apiKey = secrets.ofVariable(...openAiKeys);
    const backend: Backend = {
      type: 'openai',
      url: secrets.address(baseUrl, 'OPENAI_BASE_URL'),
      model: name,
    };
    return { backend: { ...backend, ...(apiKey !== undefined && { apiKey }) }, multimodal: undefined };
  }
  const mapped = listed.flatMap((one) => mapEndpoint(one, context) ?? []);
  const [first, ...others] = mapped;
  if (!first) {
    note('', 'It was left out, since none of its endpoints can be used.');
    return undefined;
  }
  const alike = others.filter(({ backend }) => backend.type === first.backend.type);
  if (alike.length < others.length)
    note('endpoints', 'Endpoints of another type than the first were left out.');
  const placed = alike.filter(({ backend: { url } }) => url !== undefined);
  const isPlaced = first.backend.url !== undefined;
  if (alike.length > 0 && (!isPlaced || placed.length < alike.length))
    note('endpoints', 'Of several that have no address, the first alone is asked.');
  const endpoints = (isPlaced ? placed : []).map(({ backend }) => besideOf(first.backend, backend, note));
  return {
    backend: { ...first.backend, ...(endpoints.length > 0 && { endpoints }) },
    multimodal: first.multimodal,
  };
}

/** One of the servers beside the first. What is not there is said of the first, for all of them. */
function besideOf(first: Backend, backend: Backend, note: (field: string, why: string) => void): object {
  const { url, apiKey, headers, query, weight } = backend;
  const model = backend.model === first.model ? undefined : backend.model;
  for (const [field, name] of Object.entries({ body: 'extraBody', accepts: 'completion' }))
    if (JSON.stringify(backend[field]) !== JSON.stringify(first[field]))
      note(
        `endpoints.${name}`,
        'Endpoints of one model have this in common: that of the first holds for all.',
      );
  const own = { url, model, apiKey, headers, query, weight };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}
