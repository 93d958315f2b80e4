import { AppError } from '../../domain/errors';
import type { Message } from '../../domain/message';
import type { GenerationParameters } from '../../domain/parameters';
import { textOf } from '../../domain/parts';
import type { ResolvedSettings } from '../../domain/settings';
import type { GenerateInput } from '../backends/backend';
import type { ChatTemplate } from './chat-template';
import { fitContext, nextTurn } from './fit-context';
import { renderInput } from './rendering';
import { betweenTokens } from './text-pieces';
import type { Count } from './token-counter';

/** Share of the context that is kept free for the answer, unless it may be shorter than that. */
const answerShare = 0.25;
/** Tokens that are kept for an answer where nobody says. A model that goes on from a text may not end by itself before. */
export const longestAnswer = 1024;
/** About what a chat template puts around a message. */
const tokensAroundMessage = 8;

export interface FitterOptions {
  contextLength: number;
  template: ChatTemplate | undefined;
  /** As in `RenderOptions`. */
  systemRole?: boolean;
  count: Count;
}

export interface FitInput {
  /** From the first message to the one that is answered. */
  path: readonly Message[];
  /** A raw completion has no system prompt. */
  settings: Pick<ResolvedSettings, 'systemPrompt' | 'parameters' | 'isRaw'>;
  /** Text that the answer starts with. */
  prefix: string;
}

export interface Fitted {
  input: GenerateInput;
  promptTokens: number;
  /** Tokens that the answer may have. */
  answerTokens: number;
  leftOut: number;
}

/** Makes conversations fit a model's context. What will be sent and what a gauge says come from here alike. */
export class PromptFitter {
  constructor(private readonly options: FitterOptions) {}

  /** The size of one message with its system prompt, and the most that it may have. */
  async alone(text: string, { systemPrompt = '', parameters }: FitInput['settings']): Promise<Alone> {
    const { count } = this.options;
    const system = await count(systemPrompt);
    return {
      tokens: (await count(text)) + system + 2 * tokensAroundMessage,
      limit: this.roomFor(parameters),
    };
  }

  /** Tokens that a prompt may have, so that an answer has room after it. */
  roomFor({ max_new_tokens }: GenerationParameters): number {
    const { contextLength } = this.options;
    const forAnswer = Math.floor(contextLength * answerShare);
    return contextLength - Math.min(max_new_tokens ?? longestAnswer, forAnswer);
  }

  /** Leaves out the oldest turns until the rest fits. Throws `context-too-long` when the last one alone does not. */
  async fit({ path, settings, prefix }: FitInput): Promise<Fitted> {
    const { contextLength, template, count, systemRole } = this.options;
    const role = systemRole === undefined ? {} : { systemRole };
    const { systemPrompt, parameters, isRaw = false } = settings;
    const [systemTokens, prefixTokens] = [await this.sizeOf(systemPrompt ?? ''), await count(prefix)];
    const sized = await Promise.all(
      path.map(async ({ role, parts }) => ({ role, tokens: await this.sizeOf(textOf(parts)) })),
    );
    let leftOut = fitContext(sized, this.roomFor(parameters) - systemTokens - prefixTokens);
    for (;;) {
      const input = renderInput(template, {
        ...role,
        systemPrompt,
        messages: path.slice(leftOut),
        prefix,
        isRaw,
      });
      const promptTokens = await this.countInput(input);
      const longest = contextLength - promptTokens;
      if (longest > 0) {
        const answerTokens = Math.min(parameters.max_new_tokens ?? longestAnswer, longest);
        return { input, promptTokens, answerTokens, leftOut };
      }
      // The sizes of single messages are close to, but not exactly, what the template makes of them.
      const next = nextTurn(sized, leftOut);
      if (next === undefined) throw tooLong({ tokens: promptTokens, limit: contextLength });
      leftOut = next;
    }
  }

  private async sizeOf(text: string): Promise<number> {
    return (await this.options.count(text)) + tokensAroundMessage;
  }

  /** Part by part between control tokens, so that of a long conversation only what is new is counted. */
  private async countInput(input: GenerateInput): Promise<number> {
    const { template, count } = this.options;
    if (input.kind === 'prompt') {
      const { texts, tokens } = betweenTokens(input.prompt, template?.specialTokens ?? []);
      return sum(await Promise.all(texts.map(count))) + tokens;
    }
    if (input.kind !== 'messages') return count(input.text);
    const sizes = await Promise.all(input.messages.map(({ content }) => this.sizeOf(content)));
    return sum(sizes) + (await count(input.prefix ?? ''));
  }
}

/** The texts of what a backend is given, and about how many tokens stand around them. */
export function withoutFrame(input: GenerateInput): { texts: string[]; tokens: number } {
  if (input.kind === 'prompt') return { texts: [input.prompt], tokens: 0 };
  if (input.kind === 'text2text') return { texts: [input.text], tokens: 0 };
  const texts = input.messages.map(({ content }) => content);
  return { texts: [...texts, input.prefix ?? ''], tokens: texts.length * tokensAroundMessage };
}

export interface Alone {
  tokens: number;
  limit: number;
}

/** The refusal of a message that no context of this model holds. */
export function tooLong({ tokens, limit }: Alone): AppError {
  return new AppError('context-too-long', 'This message is longer than the model can read.', {
    details: { tokens, limit },
  });
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
