import { AppError } from '../../../domain/errors';
import type { BackendContext } from '../backend';
import { createTransport } from '../http/http-transport';
import type { ServerConfig } from '../http/endpoint-config';
import type { Transport } from '../http/transport';
import { endpointsOf, type InferenceClientConfig } from './config';

/** Where Hugging Face says which providers have a model. */
export const hub = 'https://huggingface.co';

export interface Way {
  transport: Transport;
  /** Below the base of the transport. */
  path: string;
  /** The key is put in by the transport: what the client says of it does not count. */
  hasOwnKey: boolean;
}

export type OpenTransport = typeof createTransport;

/** The ways to all servers that a client may ask: the endpoints of the configuration and nothing else, or those of providers. */
export class Ways {
  private readonly endpoint: Transport | undefined;
  private readonly byOrigin = new Map<string, Transport>();

  constructor(
    private readonly config: InferenceClientConfig,
    private readonly context: BackendContext | undefined,
    private readonly open: OpenTransport = createTransport,
  ) {
    const endpoints = endpointsOf(config);
    this.endpoint = endpoints && this.transport(endpoints);
  }

  /** The way to an address that the client wants to ask. */
  to(url: URL): Way {
    if (this.endpoint) return { transport: this.endpoint, path: '', hasOwnKey: true };
    if (url.protocol !== 'https:')
      throw new AppError('backend-rejected', 'Providers are asked over https only.');
    const path = `${url.pathname}${url.search}`;
    return { transport: this.toOrigin(url.origin), path, hasOwnKey: false };
  }

  /** Of the endpoints; `undefined` without a url. */
  get own(): Transport | undefined {
    return this.endpoint;
  }

  async close(): Promise<void> {
    const transports = [...this.byOrigin.values(), ...(this.endpoint ? [this.endpoint] : [])];
    await Promise.all(transports.map((transport) => transport.close()));
  }

  private toOrigin(origin: string): Transport {
    const { apiKey, headers, query, connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs } = this.config;
    const known = this.byOrigin.get(origin);
    if (known) return known;
    // What an operator adds is for who runs the model; the Hub hears the token alone, when the client gives it.
    const added = origin === hub ? {} : { apiKey, headers, query };
    const times = { connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs };
    const given = Object.entries({ ...added, ...times }).filter(([, value]) => value !== undefined);
    const transport = this.transport({ url: origin, ...Object.fromEntries(given) });
    this.byOrigin.set(origin, transport);
    return transport;
  }

  private transport(server: ServerConfig): Transport {
    return this.open(server, this.context);
  }
}
