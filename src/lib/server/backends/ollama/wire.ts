import { z } from 'zod';

const toolCallSchema = z.looseObject({
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string(), arguments: z.unknown() }),
});
export type OllamaToolCall = z.infer<typeof toolCallSchema>;

/** One line of an answer: of `/api/chat` it has a `message`, of `/api/generate` a `response`. */
export const lineSchema = z.looseObject({
  message: z
    .looseObject({
      content: z.string().nullish(),
      thinking: z.string().nullish(),
      tool_calls: z.array(toolCallSchema).nullish(),
    })
    .nullish(),
  response: z.string().nullish(),
  thinking: z.string().nullish(),
  /** Of the tokens of this line, since 0.12.11. */
  logprobs: z.array(z.unknown()).nullish(),
  done: z.boolean(),
  done_reason: z.string().nullish(),
  /** Absent where all of the prompt was known from before. */
  prompt_eval_count: z.int().min(0).nullish(),
  eval_count: z.int().min(0).nullish(),
});
export type OllamaLine = z.infer<typeof lineSchema>;

/** `/api/show`, of which old versions say less. */
export const showSchema = z.looseObject({
  /** Lines such as `num_ctx 4096`. */
  parameters: z.string().nullish(),
  details: z
    .looseObject({
      family: z.string().nullish(),
      parameter_size: z.string().nullish(),
      quantization_level: z.string().nullish(),
    })
    .nullish(),
  /** Has `<architecture>.context_length`. */
  model_info: z.record(z.string(), z.unknown()).nullish(),
  capabilities: z.array(z.string()).nullish(),
});
export type OllamaShow = z.infer<typeof showSchema>;
