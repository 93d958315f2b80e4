import type { Footnotes } from './footnotes';

/** What the blocks of one message share. */
export interface RenderContext {
  footnotes: Footnotes;
  /** A link cannot hold another. */
  isInLink?: boolean;
}
