import type { CompiledTemplate } from './compiled-template';
import { inTurns, withoutReasoning, type TurnStyle } from './turn-style';

/** The format of a family of models, with the tokens that it is written with. */
export interface BuiltInTemplate {
  template: CompiledTemplate;
  bosToken?: string;
  eosToken: string;
  /** Texts that the family's tokenizers read as one control token. */
  specialTokens: readonly string[];
  /** Texts that mark turns, though to the tokenizer they are words like any others. */
  turnMarks?: readonly string[];
}

const trimmed = (text: string) => text.trim();

/** Each turn between its mark and an end: ChatML, Phi, Granite, Command R. */
function marked(
  mark: (role: 'system' | 'user' | 'assistant') => string,
  end: string,
  change: { answers?: (text: string) => string; texts?: (text: string) => string } = {},
): TurnStyle {
  const { texts = String, answers = texts } = change;
  return {
    system: (text) => (text === undefined ? '' : mark('system') + text + end),
    user: (text) => mark('user') + texts(text) + end,
    assistant: (text) => mark('assistant') + answers(text) + end,
    opening: mark('assistant'),
  };
}

const im = { start: '<|im_start|>', end: '<|im_end|>' };
const chatml = marked((role) => `${im.start}${role}\n`, `${im.end}\n`);
const qwenTokens = [im.start, im.end, '<|endoftext|>', '<|vision_start|>', '<|vision_end|>', '<|image_pad|>'];
const qwenOfItself = 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.';
/** Qwen 3 is told not to think by thoughts that are empty. */
const noThoughts = '<think>\n\n</think>\n\n';

const inst = ['[INST]', '[/INST]'];
const llama2Marks = [...inst, '<<SYS>>', '<</SYS>>'];
const before = (systemPrompt: string, text: string) => `${systemPrompt}\n\n${text}`;

const llama3Header = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`;
const llama3: TurnStyle = {
  ...marked(llama3Header, '<|eot_id|>', { texts: trimmed }),
  system: (text) => (text === undefined ? '' : `${llama3Header('system')}${text.trim()}<|eot_id|>`),
};
const llama3Tokens = {
  bosToken: '<|begin_of_text|>',
  eosToken: '<|eot_id|>',
  specialTokens: [
    '<|begin_of_text|>',
    '<|end_of_text|>',
    '<|start_header_id|>',
    '<|end_header_id|>',
    '<|eot_id|>',
    '<|eom_id|>',
    '<|python_tag|>',
  ],
};

const mistralTokens = {
  bosToken: '<s>',
  eosToken: '</s>',
  specialTokens: ['<s>', '</s>', ...inst],
};
const mistral7Tokens = {
  ...mistralTokens,
  specialTokens: [...mistralTokens.specialTokens, '[SYSTEM_PROMPT]', '[/SYSTEM_PROMPT]'],
};

const deepseek: TurnStyle = {
  system: (text = '') => text,
  user: (text) => `<｜User｜>${text}`,
  assistant: (text) => `<｜Assistant｜>${withoutReasoning(text)}<｜end▁of▁sentence｜>`,
  opening: '<｜Assistant｜>',
};
const deepseekTokens = {
  bosToken: '<｜begin▁of▁sentence｜>',
  eosToken: '<｜end▁of▁sentence｜>',
  specialTokens: ['<｜begin▁of▁sentence｜>', '<｜end▁of▁sentence｜>', '<｜User｜>', '<｜Assistant｜>'],
};

const commandR = (role: 'SYSTEM' | 'USER' | 'CHATBOT', text: string) =>
  `<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>${text}<|END_OF_TURN_TOKEN|>`;

const phi3 = marked((role) => `<|${role}|>\n`, '<|end|>\n');

/** By the name that a configuration calls them. Written from what each family publishes; the outputs are in the spec. */
export const builtInTemplates = {
  chatml: { template: inTurns(chatml), eosToken: im.end, specialTokens: [im.start, im.end] },
  llama2: {
    template: inTurns({
      start: '',
      user: (text) => `<s>[INST] ${text.trim()} [/INST]`,
      assistant: (text) => ` ${text.trim()} </s>`,
      fold: (systemPrompt, text) => `<<SYS>>\n${systemPrompt}\n<</SYS>>\n\n${text}`,
      opening: '',
    }),
    bosToken: '<s>',
    eosToken: '</s>',
    specialTokens: ['<s>', '</s>'],
    turnMarks: llama2Marks,
  },
  llama3: { ...llama3Tokens, template: inTurns(llama3) },
  'llama3.1': {
    ...llama3Tokens,
    template: inTurns({
      ...llama3,
      system: (text = '', { date_string: today = '26 Jul 2024' }) =>
        `${llama3Header('system')}Cutting Knowledge Date: December 2023\nToday Date: ${String(today)}\n\n${text.trim()}<|eot_id|>`,
    }),
  },
  mistral: {
    ...mistralTokens,
    specialTokens: ['<s>', '</s>'],
    turnMarks: inst,
    template: inTurns({
      user: (text) => ` [INST] ${text} [/INST]`,
      assistant: (text) => ` ${text}</s>`,
      fold: before,
      opening: '',
    }),
  },
  'mistral-v3': {
    ...mistralTokens,
    template: inTurns({
      user: (text) => `[INST] ${text}[/INST]`,
      assistant: (text) => ` ${text.trim()}</s>`,
      fold: before,
      foldsInto: 'last',
      opening: '',
    }),
  },
  'mistral-nemo': {
    ...mistralTokens,
    template: inTurns({
      user: (text) => `[INST]${text}[/INST]`,
      assistant: (text) => `${text}</s>`,
      fold: before,
      foldsInto: 'last',
      opening: '',
    }),
  },
  'mistral-v7': {
    ...mistral7Tokens,
    template: inTurns({
      system: (text) => (text === undefined ? '' : `[SYSTEM_PROMPT] ${text}[/SYSTEM_PROMPT]`),
      user: (text) => `[INST] ${text}[/INST]`,
      assistant: (text) => ` ${text}</s>`,
      opening: '',
    }),
  },
  'mistral-v7-tekken': {
    ...mistral7Tokens,
    template: inTurns({
      system: (text) => (text === undefined ? '' : `[SYSTEM_PROMPT]${text}[/SYSTEM_PROMPT]`),
      user: (text) => `[INST]${text}[/INST]`,
      assistant: (text) => `${text}</s>`,
      opening: '',
    }),
  },
  gemma: {
    template: inTurns({
      user: (text) => `<start_of_turn>user\n${text.trim()}<end_of_turn>\n`,
      assistant: (text) => `<start_of_turn>model\n${text.trim()}<end_of_turn>\n`,
      fold: (systemPrompt, text) => (systemPrompt === '' ? text.trim() : before(systemPrompt, text.trim())),
      opening: '<start_of_turn>model\n',
    }),
    bosToken: '<bos>',
    eosToken: '<end_of_turn>',
    specialTokens: ['<bos>', '<eos>', '<start_of_turn>', '<end_of_turn>'],
  },
  phi3: {
    template: inTurns({ ...phi3, start: '', system: (text) => (text ? `<|system|>\n${text}<|end|>\n` : '') }),
    bosToken: '<s>',
    eosToken: '<|end|>',
    specialTokens: ['<s>', '</s>', '<|endoftext|>', '<|system|>', '<|user|>', '<|assistant|>', '<|end|>'],
  },
  phi4: {
    template: inTurns(marked((role) => `${im.start}${role}<|im_sep|>`, im.end)),
    eosToken: im.end,
    specialTokens: [im.start, im.end, '<|im_sep|>', '<|endoftext|>'],
  },
  zephyr: {
    template: inTurns({ ...marked((role) => `<|${role}|>\n`, '</s>\n'), start: '' }),
    bosToken: '<s>',
    eosToken: '</s>',
    specialTokens: ['<s>', '</s>'],
    turnMarks: ['<|system|>', '<|user|>', '<|assistant|>'],
  },
  qwen: {
    template: inTurns({
      ...marked((role) => `${im.start}${role}\n`, `${im.end}\n`, {
        answers: (text) => withoutReasoning(text).replace(/^\n+/u, ''),
        texts: String,
      }),
      opening: ({ enable_thinking: thinks }) => `${im.start}assistant\n${thinks === false ? noThoughts : ''}`,
    }),
    eosToken: im.end,
    specialTokens: qwenTokens,
  },
  'qwen2.5': {
    template: inTurns({
      ...chatml,
      system: (text = qwenOfItself) => `${im.start}system\n${text}${im.end}\n`,
    }),
    eosToken: im.end,
    specialTokens: qwenTokens,
  },
  deepseek: { ...deepseekTokens, template: inTurns(deepseek) },
  'deepseek-r1': {
    ...deepseekTokens,
    template: inTurns({ ...deepseek, opening: '<｜Assistant｜><think>\n' }),
  },
  'deepseek-v2': {
    ...deepseekTokens,
    template: inTurns({
      system: (text) => (text === undefined ? '' : `${text}\n\n`),
      user: (text) => `User: ${text}\n\n`,
      assistant: (text) => `Assistant: ${text}<｜end▁of▁sentence｜>`,
      opening: 'Assistant:',
    }),
    specialTokens: [deepseekTokens.bosToken, deepseekTokens.eosToken],
  },
  'command-r': {
    template: inTurns({
      system: (text) => (text === undefined ? '' : commandR('SYSTEM', text)),
      user: (text) => commandR('USER', text.trim()),
      assistant: (text) => commandR('CHATBOT', text.trim()),
      opening: '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
    }),
    bosToken: '<BOS_TOKEN>',
    eosToken: '<|END_OF_TURN_TOKEN|>',
    specialTokens: [
      '<BOS_TOKEN>',
      '<EOS_TOKEN>',
      '<|START_OF_TURN_TOKEN|>',
      '<|END_OF_TURN_TOKEN|>',
      '<|SYSTEM_TOKEN|>',
      '<|USER_TOKEN|>',
      '<|CHATBOT_TOKEN|>',
    ],
  },
  vicuna: {
    template: inTurns({
      system: (text) => (text ? `${text} ` : ''),
      user: (text) => `USER: ${text} `,
      assistant: (text) => `ASSISTANT: ${text}</s>`,
      opening: 'ASSISTANT:',
    }),
    bosToken: '<s>',
    eosToken: '</s>',
    specialTokens: ['<s>', '</s>'],
  },
  granite: {
    template: inTurns(marked((role) => `<|start_of_role|>${role}<|end_of_role|>`, '<|end_of_text|>\n')),
    eosToken: '<|end_of_text|>',
    specialTokens: ['<|start_of_role|>', '<|end_of_role|>', '<|end_of_text|>'],
  },
} as const satisfies Record<string, BuiltInTemplate>;

export type BuiltInName = keyof typeof builtInTemplates;
export const builtInNames = Object.keys(builtInTemplates) as [BuiltInName, ...BuiltInName[]];
