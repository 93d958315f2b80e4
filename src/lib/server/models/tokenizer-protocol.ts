/** What the thread is started with. */
export interface TokenizerTask {
  /** A `tokenizer.json`; its `tokenizer_config.json` is beside it, where there is one. */
  path: string;
}

export interface CountCommand {
  id: number;
  text: string;
}

/** First `ready` or `failed`; then one `count` for each command. */
export type TokenizerReport =
  { type: 'ready' } | { type: 'failed'; reason: string } | { type: 'count'; id: number; tokens: number };
