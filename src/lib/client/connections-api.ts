import type { ConnectionSummary, FoundServer, ModelTest } from '../domain/connection';
import type {
  ConnectionChanges,
  ModelTestRequest,
  NewConnectionRequest,
  ProbeRequest,
} from '../domain/connection-requests';
import { call } from './api';

const root = '/api/connections';

/** The calls of our own API about connected servers. Each throws `ApiError`. */
export const connectionsApi = {
  list: () => call<{ connections: ConnectionSummary[] }>('GET', root),
  /** What speaks at an address. */
  probe: (body: ProbeRequest, signal: AbortSignal) =>
    call<FoundServer>('POST', `${root}/probe`, body, signal),
  /** Asks a model for a word. */
  test: (body: ModelTestRequest, signal: AbortSignal) =>
    call<ModelTest>('POST', `${root}/test`, body, signal),
  add: (body: NewConnectionRequest) => call<ConnectionSummary>('POST', root, body),
  change: (id: string, body: ConnectionChanges) => call<ConnectionSummary>('PATCH', `${root}/${id}`, body),
  refresh: (id: string) => call<ConnectionSummary>('POST', `${root}/${id}/refresh`),
  remove: (id: string) => call<undefined>('DELETE', `${root}/${id}`),
};

export type ConnectionsApi = typeof connectionsApi;
