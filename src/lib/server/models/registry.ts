import type { ModelSummary } from '../../domain/model-summary';

/** The models of this server. */
export interface ModelRegistry {
  list(): ModelSummary[];
  /** The one that new conversations get. */
  readonly defaultId: string;
}
