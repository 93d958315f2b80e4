import { z } from 'zod';

/** A number that the server cannot express in JSON (minus infinity) comes as null. */
const logprob = z.number().nullish();

const tokenSchema = z.looseObject({
  text: z.string(),
  logprob,
  special: z.boolean().optional(),
});
export type TgiToken = z.infer<typeof tokenSchema>;

const detailsSchema = z.looseObject({
  finish_reason: z.string().nullish(),
  generated_tokens: z.int().min(0).nullish(),
  /** Tokens of the prompt; since version 2.3. */
  input_length: z.int().min(0).nullish(),
});

const eventSchema = z.looseObject({
  token: tokenSchema.optional(),
  top_tokens: z.array(tokenSchema).nullish(),
  /** The tokens of the prompt, with `decoder_input_details`; nothing stands before the first, so it has no probability. */
  prefill: z.array(tokenSchema).nullish(),
  /** The whole answer, in the last event. */
  generated_text: z.string().nullish(),
  details: detailsSchema.nullish(),
});
/** What is told at once about one token, or about the end; an answer that came whole may have no tokens. */
export type TgiEvent = z.infer<typeof eventSchema>;

/** One event of `/generate_stream`. `index` is not read: it skips numbers, and old versions have none. */
export const streamEventSchema = eventSchema.required({ token: true });

/** The answer of `/generate`; that of `POST /` is a list of one. */
export const wholeAnswerSchema = z.looseObject({
  generated_text: z.string(),
  details: detailsSchema
    .extend({
      tokens: z.array(tokenSchema).nullish(),
      top_tokens: z.array(z.array(tokenSchema)).nullish(),
      prefill: z.array(tokenSchema).nullish(),
    })
    .nullish(),
});

/** The server's own errors, in JSON: as the body of a reply, or as an event of a stream with status 200. */
export const errorSchema = z.looseObject({ error: z.string(), error_type: z.string().nullish() });

/** `/tokenize`: `start` and `stop` are offsets in the text; a token that the server adds has none of it. */
export const tokenListSchema = z.array(z.looseObject({ id: z.int() }));

/** `/chat_tokenize`: the prompt that the model's own chat template makes. */
export const chatPromptSchema = z.looseObject({ templated_text: z.string() });

/** `/info`, of all versions. */
export const infoSchema = z.looseObject({
  model_id: z.string(),
  /** What the Hub says the model is for. */
  model_pipeline_tag: z.string().nullish(),
  max_best_of: z.int().positive().nullish(),
  max_stop_sequences: z.int().min(0).nullish(),
  max_input_tokens: z.int().positive().nullish(),
  /** As `max_input_tokens`, up to version 2.0. */
  max_input_length: z.int().positive().nullish(),
  max_total_tokens: z.int().positive().nullish(),
  version: z.string().nullish(),
});
export type TgiInfo = z.infer<typeof infoSchema>;
