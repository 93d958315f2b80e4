import { TokenizerThread } from './tokenizer-thread';

/**
 * The tokenizer that the configuration names for a model; read when it is first needed, and once. Should its thread end
 * (out of memory, a text that it stumbles over), whoever waits is told, and the next call reads it again.
 */
export class NamedTokenizer {
  private thread: Promise<TokenizerThread> | undefined;

  /** `path` is a `tokenizer.json`, or the folder that has one. */
  constructor(private readonly path: string) {}

  /** Throws `model-unavailable` with a remedy when it cannot be read; the next call tries again. */
  async open(): Promise<void> {
    await this.opened();
  }

  /** Tokens of `text` as it stands, without added special tokens. */
  async countTokens(text: string): Promise<number> {
    return (await this.opened()).countTokens(text);
  }

  async close(): Promise<void> {
    const thread = await this.thread?.catch(() => undefined);
    await thread?.close();
  }

  private opened(): Promise<TokenizerThread> {
    if (this.thread) return this.thread;
    const forget = () => {
      if (this.thread === opening) this.thread = undefined;
    };
    const opening = TokenizerThread.start(this.path, forget);
    opening.catch(forget);
    this.thread = opening;
    return opening;
  }
}
