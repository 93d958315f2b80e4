import { createHash } from 'node:crypto';
import type { Backend } from '../backends/backend';

const remembered = 20_000;
/** No tokenizer in use makes more tokens than bytes; English text has about four bytes for each. */
const bytesPerToken = 4;

/** Counts tokens with the backend's own tokenizer, and remembers: messages do not change, and each turn asks again. */
export class TokenCounter {
  private readonly counts = new Map<string, number>();

  constructor(private readonly backend: Backend) {}

  async count(text: string): Promise<number> {
    if (text === '') return 0;
    if (!this.backend.countTokens) return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
    const key = text.length < 64 ? text : createHash('sha1').update(text).digest('base64');
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const count = await this.backend.countTokens(text);
    const oldest = this.counts.size >= remembered && this.counts.keys().next().value;
    if (typeof oldest === 'string') this.counts.delete(oldest);
    this.counts.set(key, count);
    return count;
  }
}
