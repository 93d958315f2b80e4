import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { PromptMessage } from '../../src/lib/server/backends/backend';
import { ChatTemplate } from '../../src/lib/server/models/chat-template';
import { projectRoot } from '../../src/lib/server/programs';
import type { Prompt } from './peer';

interface TokenizerFile {
  added_tokens: { content: string; special: boolean }[];
}

/** Prompts of exact length for one model, out of English prose that stands in the repository: its licence. */
export class Prompts {
  private readonly tokenizer: Tokenizer;
  private readonly template: ChatTemplate;
  private readonly prose: number[];

  /** Reads the tokenizer and the chat template of a model folder. */
  constructor(path: string) {
    const model = readJson(join(path, 'tokenizer.json')) as TokenizerFile;
    const config = readJson(join(path, 'tokenizer_config.json')) as { chat_template: string };
    this.tokenizer = new Tokenizer(model, config);
    this.template = new ChatTemplate({
      template: config.chat_template,
      specialTokens: model.added_tokens.filter(({ special }) => special).map(({ content }) => content),
    });
    const licence = readFileSync(join(projectRoot(), 'LICENSE'), 'utf8').replace(/\s+/gu, ' ');
    // Twice, so that a long prompt may begin anywhere.
    this.prose = this.encode(`${licence} ${licence}`);
  }

  /** Prose of so many tokens; another `part` begins elsewhere. */
  ofLength(tokens: number, part = 0): Prompt {
    const from = Math.floor((part * this.prose.length) / 17);
    for (let start = from; start + tokens <= this.prose.length; start += 1) {
      const text = this.tokenizer.decode(this.prose.slice(start, start + tokens));
      // Cut off elsewhere, a text can be read as other tokens than it was cut from.
      if (this.encode(text).length === tokens) return { text, tokens };
    }
    throw new Error(`There is no prose of ${String(tokens)} tokens.`);
  }

  /** A conversation as the model reads it, up to where its answer begins. */
  ofChat(messages: readonly PromptMessage[]): Prompt {
    // The bundled model wants an empty system message; without one its template writes its own.
    const text = this.template.render([{ role: 'system', content: '' }, ...messages]);
    return { text, tokens: this.encode(text).length };
  }

  private encode(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}

const readJson = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object;
