import { isDeepStrictEqual } from 'node:util';
import { modelsOf, nameOf, toBackend, type ToBackend } from './discovered-models';
import type { ModelFault } from './model-config';
import type { ServerEntry } from './model-entry';
import type { ModelRegistry } from './registry';
import { ServerWatch, type ServerWatchOptions } from './server-watch';

/** The servers that are asked for their models, in the order of the configuration; what they have goes to the registry. */
export class ServerList {
  private watches: ServerWatch[] = [];

  constructor(
    private readonly registry: Pick<ModelRegistry, 'setSource'>,
    private readonly options: Omit<ServerWatchOptions, 'onChange'> & { toBackend?: ToBackend },
  ) {}

  /** Asks these servers from now on, and no others. Resolves when each of them has answered or failed. */
  async set(entries: readonly ServerEntry[]): Promise<void> {
    const rest = [...this.watches];
    const added: ServerWatch[] = [];
    this.watches = entries.map((entry) => {
      const index = rest.findIndex((watch) => isDeepStrictEqual(watch.entry, entry));
      const [known] = index === -1 ? [] : rest.splice(index, 1);
      if (known) return known;
      const watch = new ServerWatch(entry, { ...this.options, onChange: () => this.tell() });
      added.push(watch);
      return watch;
    });
    for (const watch of rest) watch.close();
    if (rest.length > 0 || added.length === 0) this.tell();
    await Promise.all(added.map((watch) => watch.start()));
  }

  close(): void {
    for (const watch of this.watches.splice(0)) watch.close();
  }

  private tell(): void {
    const asked = this.watches.flatMap(({ entry, found }) => (found ? [{ entry, found }] : []));
    const offered = modelsOf(asked, this.options.toBackend ?? toBackend, (server) => {
      this.options.warn?.('no driver takes the models of this server', { server: nameOf(server) });
    });
    const faults = new Map<string, ModelFault>();
    for (const { config, server } of offered) {
      const fault = this.watches.find(({ entry }) => entry === server)?.fault;
      if (fault) faults.set(config.id, fault);
    }
    this.registry.setSource(
      'discovered',
      offered.map(({ config }) => config),
      faults,
    );
  }
}
