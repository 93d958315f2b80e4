import { titleFromText } from '../../domain/conversation';
import type { Message } from '../../domain/message';
import type { GenerationParameters } from '../../domain/parameters';
import { textOf } from '../../domain/parts';
import type { Prepared, PrepareInput } from '../models/model';

/** What a model is told that gives titles. */
const instruction =
  'You name conversations. Answer with a title of 2 to 5 words for the conversation that begins with the message of the user, ' +
  'in the language of that message. Do not answer the message. Write the title alone, without quotation marks and without a full stop.';
/** So much of a question, in characters, says what it is about. */
const longestQuestion = 2000;
const longestTitle = 24;
/** With more than so many words it is no title: a small model has answered the question instead. */
const mostWords = 10;

/** What a model is given to name a conversation by its first question; `undefined` when there are no words in it. */
export function titlePrompt(path: readonly Message[]): PrepareInput | undefined {
  const question = path.find(({ role }) => role === 'user');
  const text = textOf(question?.parts ?? []).trim();
  if (!question || text === '') return undefined;
  const parameters = { temperature: 0, max_new_tokens: longestTitle };
  return {
    path: [{ ...question, parts: [{ type: 'text', text: text.slice(0, longestQuestion) }] }],
    settings: { request: { systemPrompt: instruction, isRaw: false, parameters } },
    prefix: '',
  };
}

/** Those of a title: what an operator set for the form of answers is not for it. */
export function titleParameters({ parameters }: Prepared): GenerationParameters {
  const {
    grammar: _grammar,
    min_new_tokens: _min,
    num_return_sequences: _count,
    top_logprobs: _probabilities,
    ...others
  } = parameters;
  return others;
}

/** The title in what a model wrote; `undefined` when there is none. */
export function titleIn(answer: string): string | undefined {
  const said = answer
    .replace(/<think(?:ing)?>.*?(?:<\/think(?:ing)?>|$)/gsu, '')
    .split(/[\r\n\u2028\u2029]+/u);
  const line = said.map(cleaned).find((text) => /[\p{L}\p{N}]/u.test(text));
  if (line === undefined || line.split(' ').length > mostWords) return undefined;
  return titleFromText(line);
}

const quoted =
  /^(?:"(.*)"|'(.*)'|`(.*)`|“(.*)”|„(.*)[“”]|‘(.*)’|«(.*)»|「(.*)」|『(.*)』|\*+(.*?)\*+|_+(.*?)_+)$/u;

/** One line without what models put around a title; what is around that is taken off too. */
function cleaned(line: string): string {
  let text = line.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, ' ').replace(/\s+/gu, ' ');
  for (let before = ''; before !== text;) {
    before = text;
    text = text
      .trim()
      .replace(/^(?:#+ |[-*•] )/u, '')
      .replace(/^[*_]*(?:the )?title(?: is)?[*_]*:[*_]*/iu, '')
      .trim();
    const inside = quoted
      .exec(text)
      ?.slice(1)
      .find((part) => part !== undefined);
    text = (inside ?? text).replace(/[.。]+$/u, '');
  }
  return text;
}
