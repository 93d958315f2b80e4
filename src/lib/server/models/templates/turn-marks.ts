/**
 * What looks like a control token: `<|im_start|>`, `<｜User｜>`, `<s>`, `<start_of_turn>`, `[INST]`, `<<SYS>>`,
 * `<|START_OF_TURN_TOKEN|>`. Tags of thoughts and tools are left alone, since templates look for them in answers.
 */
const mark =
  /<[|｜][^\s<>|｜]{1,60}[|｜]>|<\/?(?:s|bos|eos|BOS_TOKEN|EOS_TOKEN|(?:start|end)_of_\w{1,30})>|(?<!\w)\[\/?[A-Z]{2,}(?:_[A-Z]+)*\]|<<\/?[A-Z]+>>/gu;

/**
 * The marks that a template writes around turns. When no tokenizer says which texts are control tokens, these are what
 * must not be faked by somebody who types or pastes them.
 */
export function turnMarksIn(source: string): string[] {
  return [...new Set(source.match(mark) ?? [])];
}
