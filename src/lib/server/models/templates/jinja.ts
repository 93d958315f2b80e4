import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { TemplateRefusal, textOfContent, type CompiledTemplate } from './compiled-template';
import { strftime } from './strftime';

/**
 * Compiles the Jinja of a model. It is given what Transformers gives (`messages`, `tools` and `documents` as none,
 * `add_generation_prompt`, `bos_token`, `eos_token`), and what chat-ui had besides (`preprompt`, and `from` in each
 * message). Throws what the parser says of a text that is no Jinja.
 */
export function compileJinja(source: string): CompiledTemplate {
  const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  return ({ messages, bosToken, eosToken, variables }) => {
    const [first] = messages;
    const environment = new Environment();
    const given = {
      ...variables,
      messages: messages.map((message) => ({ ...message, from: message.role })),
      preprompt: first?.role === 'system' ? textOfContent(first.content) : '',
      tools: null,
      documents: null,
      add_generation_prompt: true,
      bos_token: bosToken,
      eos_token: eosToken,
      ...globals,
    };
    for (const [name, value] of Object.entries(given)) environment.set(name, value);
    return String(new Interpreter(environment).run(program).value);
  };
}

const longestRange = 1_000_000;

/** The library's own `raise_exception` cannot be told from a fault of the template; the others cannot be had without it. */
const globals = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  range,
  strftime_now: (format: unknown) => strftime(new Date(), String(format)),
  raise_exception: (words: unknown) => {
    throw new TemplateRefusal(String(words));
  },
};

function range(start: number, end?: number, step = 1): number[] {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= longestRange)) throw new Error('range() is too long.');
  return Array.from({ length }, (_, index) => from + index * step);
}
