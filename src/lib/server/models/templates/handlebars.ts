import Handlebars from 'handlebars';
import { textOfContent, type CompiledTemplate } from './compiled-template';

interface Turn {
  from: string;
}

/** An instance of its own, without `log`: a template writes nothing but the prompt. */
const handlebars = Handlebars.create();
handlebars.unregisterHelper('log');
handlebars.registerHelper('ifUser', blockFor('user'));
handlebars.registerHelper('ifAssistant', blockFor('assistant'));

/**
 * Compiles a `chatPromptTemplate` of chat-ui. It is given `messages` (each with `from`, `role` and `content`) without the
 * system prompt, which is `preprompt`, and the operator's variables. Throws what the parser says of a text that is no
 * Handlebars.
 */
export function compileHandlebars(source: string): CompiledTemplate {
  const options = {
    noEscape: true,
    strict: true,
    preventIndent: true,
    knownHelpersOnly: true,
    knownHelpers: { ifUser: true, ifAssistant: true, log: false },
  };
  // Compiled only with the first use otherwise, and then it is too late to say what is wrong.
  handlebars.precompile(source, options);
  const template = handlebars.compile<object>(source, options);
  return ({ messages, variables, bosToken, eosToken }) => {
    const [first, ...rest] = messages;
    const hasSystem = first?.role === 'system';
    const context = {
      bos_token: bosToken,
      eos_token: eosToken,
      ...variables,
      preprompt: hasSystem ? textOfContent(first.content) : '',
      messages: (hasSystem ? rest : messages).map(({ role, content }) => ({
        from: role,
        role,
        content: textOfContent(content),
      })),
    };
    return template(context, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
  };
}

function blockFor(from: string) {
  return function (this: Turn, options: Handlebars.HelperOptions): string {
    return this.from === from ? options.fn(this) : options.inverse(this);
  };
}
