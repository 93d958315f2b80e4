import { z } from 'zod';
import { builtInNames } from './built-in';

const sources = ['jinja', 'builtIn', 'file', 'handlebars'] as const;
const wanted = 'must be the text of a Jinja template, or an object with builtIn, file, jinja or handlebars';
const token = z.string().max(200);

/**
 * The `chatTemplate` of a model: the text of a Jinja template, or one of `builtIn`, `file`, `jinja` and `handlebars` with
 * what belongs to it.
 */
export const chatTemplateSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { jinja: value } : value),
  z
    .strictObject(
      {
        jinja: z.string().min(1).optional(),
        /** The format of a family of models. */
        builtIn: z.enum(builtInNames, { error: `must be one of ${builtInNames.join(', ')}` }).optional(),
        /** A `tokenizer_config.json`, a `chat_template.jinja`, or a folder that has them. */
        file: z.string().min(1).optional(),
        /** Which template of a file that has several. */
        name: z.string().min(1).optional(),
        /** The `chatPromptTemplate` of chat-ui. */
        handlebars: z.string().min(1).optional(),
        /** What the template is given besides the messages. */
        variables: z.record(z.string(), z.unknown()).optional(),
        bosToken: token.optional(),
        eosToken: token.optional(),
        /** Texts that the tokenizer reads as control tokens, besides those that are known. */
        specialTokens: z.array(token.min(1)).max(10_000).optional(),
        /** Whether the prompt begins with the `bosToken`. Absent: unless a server puts it there itself. */
        writesBos: z.boolean().optional(),
      },
      { error: ({ code }) => (code === 'invalid_type' ? wanted : undefined) },
    )
    .superRefine((value, context) => {
      const given = sources.filter((source) => value[source] !== undefined);
      if (given.length !== 1)
        context.addIssue({ code: 'custom', message: `must have exactly one of ${sources.join(', ')}` });
      if (value.name !== undefined && value.file === undefined)
        context.addIssue({ code: 'custom', path: ['name'], message: 'is for a file only' });
    }),
);

export type ChatTemplateConfig = z.infer<typeof chatTemplateSchema>;
