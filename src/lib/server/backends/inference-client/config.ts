import { z } from 'zod';
import { namedServerFields, withAddresses, type ServerConfig } from '../http/endpoint-config';

const inferenceTasks = ['chat', 'text-generation', 'translation', 'summarization'] as const;
export type InferenceTask = (typeof inferenceTasks)[number];

const fields = z.strictObject({
  type: z.literal('inference-client'),
  ...namedServerFields,
  /** An endpoint of one's own; absent: a provider that Hugging Face knows. */
  url: namedServerFields.url.optional(),
  /** Its name on the Hugging Face Hub, or as the endpoint wants to hear it. */
  model: z.string().min(1).max(500).optional(),
  /** Who runs the model: a name such as `together`, or `auto`, the default. */
  provider: z.string().min(1).max(100).optional(),
  /** The organisation that pays. */
  billTo: z.string().min(1).max(200).optional(),
  /** Absent: chat. */
  task: z.enum(inferenceTasks).optional(),
});
export type InferenceClientConfig = z.infer<typeof fields>;

export const inferenceClientSchema: z.ZodType<InferenceClientConfig> = fields.superRefine(
  (config, context) => {
    const { url, model, provider, endpoints, task = 'chat' } = config;
    const fault = (path: keyof InferenceClientConfig, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (url !== undefined && provider !== undefined)
      fault('provider', 'is for a model without url: an endpoint of your own has no other provider');
    if (url === undefined && endpoints !== undefined) fault('endpoints', 'needs a url');
    if (model !== undefined && /^https?:\/\//iu.test(model))
      fault('model', 'must be a name; an address goes in url');
    // Without a name the client would send the address as one, or ask the Hub which model is usual.
    const isNamed = url !== undefined && task !== 'chat' && task !== 'text-generation';
    if (model === undefined && !isNamed)
      fault(
        'model',
        url === undefined
          ? 'is missing: it names the model on the Hugging Face Hub'
          : 'is missing: the endpoint wants to hear a name (TGI takes "tgi")',
      );
  },
);

/** Paths that the client puts after an address, by task; others it takes as they are. */
const routes: Partial<Record<InferenceTask, string>> = {
  chat: '/chat/completions',
  'text-generation': '/completions',
};

/** The address that the client makes of that of an endpoint; without one it would not know one that has a query. */
export function addressFor(task: InferenceTask, endpoint: string): string {
  const route = routes[task];
  if (route === undefined) return endpoint;
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/u, '');
  if (path.endsWith('/v1')) url.pathname = `${path}${route}`;
  else url.pathname = path.endsWith(route) ? path : `${path}/v1${route}`;
  return url.href;
}

/** What can be asked without cost, below the address of a task, to learn whether an endpoint is there. */
export function probePath(task: InferenceTask): string {
  if (task === 'chat') return '/../../models';
  return task === 'text-generation' ? '/../models' : '';
}

/** The endpoints of a configuration that has a url, each with its full address. */
export function endpointsOf(config: InferenceClientConfig): ServerConfig | undefined {
  const {
    type: _type,
    model: _model,
    provider: _provider,
    billTo: _billTo,
    task = 'chat',
    ...server
  } = config;
  const { url } = server;
  if (url === undefined) return undefined;
  return withAddresses({ ...server, url }, (address) => addressFor(task, address));
}
