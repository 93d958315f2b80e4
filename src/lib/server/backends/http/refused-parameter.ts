import type { UpstreamFault } from './upstream-fault';

/** Names in requests, and the parameters that they carry. Words of plain English (`stop`, `n`) are not looked for in sentences. */
const parameters: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['temperature', 'top_p', 'top_k', 'min_p', 'typical_p', 'seed', 'logit_bias', 'bad_words'],
      ...['presence_penalty', 'frequency_penalty', 'repetition_penalty', 'top_logprobs', 'reasoning_effort'],
    ].map((name) => [name, name]),
  ),
  max_tokens: 'max_new_tokens',
  max_completion_tokens: 'max_new_tokens',
  min_tokens: 'min_new_tokens',
  repeat_penalty: 'repetition_penalty',
  logprobs: 'top_logprobs',
};

const guidance = /grammar|guided|structured.?output|response_format|json.?schema|\bregex\b/iu;

/** For a person: what a server refuses, as far as it says (in OpenAI's `param`, or as the first name in its sentence). */
export function refusalWords({ message, fields }: UpstreamFault): string {
  if (guidance.test(message)) return "The model's server cannot guide its answer by this grammar.";
  const names = [fields.param, ...(message.match(/\b[a-z]+(?:_[a-z]+)*\b/gu) ?? [])];
  const name = names.find(
    (name): name is string => typeof name === 'string' && Object.hasOwn(parameters, name),
  );
  return name === undefined
    ? "The model's server refused the request."
    : `The model's server refuses the value of ${String(parameters[name])}.`;
}
