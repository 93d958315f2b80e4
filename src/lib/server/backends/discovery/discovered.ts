import type { OfferedModel, ServerBackend, ServerFlavour } from '../../../domain/connection';

export type { ServerFlavour };

/** A model that a server says it has. */
export type DiscoveredModel = OfferedModel;

/** What was found at an address. */
export interface DiscoveredServer {
  flavour: ServerFlavour;
  /** The driver that speaks with it. */
  backend: ServerBackend;
  /** The base that this driver wants, found from what was given: `http://host:8000/v1`. */
  url: string;
  models: DiscoveredModel[];
}
