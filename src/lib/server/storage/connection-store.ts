import type { Connection } from '../../domain/connection';

/** The servers that were connected in the app. They are of the instance: nobody but who runs it comes this far. */
export interface ConnectionStore {
  /** Oldest first, then by `id`. */
  list(): Promise<Connection[]>;
  /** Adds it, or takes the place of what has this id. */
  put(connection: Connection): Promise<void>;
  /** Removes it for good; returns whether it was there. */
  delete(id: string): Promise<boolean>;
}
