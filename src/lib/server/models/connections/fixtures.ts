import type { Connection } from '../../../domain/connection';
import { fakeServers, listOf } from '../../backends/discovery/fixtures';
import { defaultHttpSettings } from '../../backends/http/settings';
import type { ModelConfig, ModelFault } from '../model-config';
import { Connections } from './connections';
import { Vault } from './vault';

/** What a server of vLLM lists. */
export const cards = (...ids: string[]) =>
  listOf(...ids.map((id) => ({ id, owned_by: 'vllm', max_model_len: 8192 })));

/** Servers, and connections over a book in memory with what they publish. `close` ends them all. */
export function connectionFixtures() {
  const { fake, close } = fakeServers();
  const opened: Connections[] = [];

  async function openOn(stored = new Map<string, Connection>(), secret = 'secret') {
    const seen: { configs: ModelConfig[]; faults: ReadonlyMap<string, ModelFault> }[] = [];
    const warnings: object[] = [];
    const connections = new Connections({
      book: {
        list: () => Promise.resolve(structuredClone([...stored.values()])),
        put: async (connection) => void stored.set(connection.id, structuredClone(connection)),
        delete: (id) => Promise.resolve(stored.delete(id)),
      },
      vault: new Vault(() => Promise.resolve(secret)),
      http: defaultHttpSettings,
      publish: (configs, faults) => seen.push({ configs, faults }),
      isPrefixTaken: (prefix) => prefix === 'taken',
      note: () => undefined,
      warn: (_, details) => warnings.push(details),
    });
    opened.push(connections);
    await connections.open();
    const offered = () => seen.at(-1)?.configs.map(({ id }) => id);
    return { connections, stored, seen, offered, warnings };
  }

  return {
    fake,
    openOn,
    close: async () => {
      await Promise.all(opened.splice(0).map((connections) => connections.close()));
      await close();
    },
  };
}
