import { parseJson } from '../http/parse-json';
import { tokenListSchema } from './wire';

/** Asks `/tokenize` for the ids of a text. `undefined`: this time, or never, it does not say. */
export type Tokenize = (text: string, signal?: AbortSignal) => Promise<number[] | undefined>;

/** The ids in a reply of `/tokenize`. */
export function idsIn(body: string): number[] | undefined {
  const list = tokenListSchema.safeParse(parseJson(body));
  return list.success ? list.data.map(({ id }) => id) : undefined;
}

/** A token of control at the start of a text, as the families of models write them. */
const control = /^(?:<[^<>\s]{1,40}>|\[[A-Z_]{1,20}\])/u;
const remembered = 64;

/** What the tokenizer of a server makes of texts. The native routes add its special tokens to every prompt. */
export class TgiTokenizer {
  private added: Promise<number | undefined> | undefined;
  private readonly doubled = new Map<string, boolean>();

  constructor(private readonly tokenize: Tokenize) {}

  /** Tokens of the text without those that the server adds. */
  async count(text: string): Promise<number | undefined> {
    const ids = await this.tokenize(text);
    const added = ids && (await this.addedTokens());
    return ids && added !== undefined ? Math.max(0, ids.length - added) : undefined;
  }

  /**
   * The prompt without its first token where the server adds the same one again: many chat templates write the beginning
   * of the text themselves, and models answer worse when they read it twice.
   */
  async withoutDoubledStart(prompt: string, signal: AbortSignal): Promise<string> {
    const start = control.exec(prompt)?.[0];
    if (start === undefined || start.length === prompt.length) return prompt;
    let isDoubled = this.doubled.get(start);
    if (isDoubled === undefined) {
      const ids = await this.tokenize(`${start}a`, signal);
      if (!ids) return prompt;
      isDoubled = ids.length > 2 && ids[0] === ids[1];
      if (this.doubled.size < remembered) this.doubled.set(start, isDoubled);
    }
    return isDoubled ? prompt.slice(start.length) : prompt;
  }

  /** One letter is one token; the rest is added. What is not known is asked for again. */
  private async addedTokens(): Promise<number | undefined> {
    this.added ??= this.tokenize('a').then((ids) => ids && ids.length - 1);
    const added = await this.added;
    if (added === undefined) this.added = undefined;
    return added;
  }
}
