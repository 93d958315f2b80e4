import type { PromptMessage } from '../../../backends/backend';
import type { BuiltInName } from '../built-in';

/** Conversations whose prompts are known for each family. */
export const conversations = {
  'one question': [{ role: 'user', content: 'Hi' }],
  'with a system prompt': [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ],
  'with an empty system prompt': [
    { role: 'system', content: '' },
    { role: 'user', content: 'Hi' },
  ],
  'several turns': [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is 2+2?' },
    { role: 'assistant', content: ' Four. ' },
    { role: 'user', content: ' And 3+3?\n' },
  ],
} satisfies Record<string, PromptMessage[]>;

/**
 * What the templates that the families publish make of these conversations (rendered with Jinja2 in Python). Gemma's refuses
 * a system prompt: there it stands in the first message, as Gemma 3 has it.
 */
export const publishedOutputs: Record<BuiltInName, Record<keyof typeof conversations, string>> = {
  chatml: {
    'one question': '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'with a system prompt':
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'with an empty system prompt':
      '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'several turns':
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n Four. <|im_end|>\n<|im_start|>user\n And 3+3?\n<|im_end|>\n<|im_start|>assistant\n',
  },
  llama2: {
    'one question': '<s>[INST] Hi [/INST]',
    'with a system prompt': '<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST]',
    'with an empty system prompt': '<s>[INST] <<SYS>>\n\n<</SYS>>\n\nHi [/INST]',
    'several turns':
      '<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhat is 2+2? [/INST] Four. </s><s>[INST] And 3+3? [/INST]',
  },
  llama3: {
    'one question':
      '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    'with a system prompt':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    'with an empty system prompt':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    'several turns':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhat is 2+2?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nFour.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd 3+3?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  },
  mistral: {
    'one question': '<s> [INST] Hi [/INST]',
    'with a system prompt': '<s> [INST] Be brief.\n\nHi [/INST]',
    'with an empty system prompt': '<s> [INST] \n\nHi [/INST]',
    'several turns': '<s> [INST] Be brief.\n\nWhat is 2+2? [/INST]  Four. </s> [INST]  And 3+3?\n [/INST]',
  },
  'mistral-v3': {
    'one question': '<s>[INST] Hi[/INST]',
    'with a system prompt': '<s>[INST] Be brief.\n\nHi[/INST]',
    'with an empty system prompt': '<s>[INST] \n\nHi[/INST]',
    'several turns': '<s>[INST] What is 2+2?[/INST] Four.</s>[INST] Be brief.\n\n And 3+3?\n[/INST]',
  },
  'mistral-nemo': {
    'one question': '<s>[INST]Hi[/INST]',
    'with a system prompt': '<s>[INST]Be brief.\n\nHi[/INST]',
    'with an empty system prompt': '<s>[INST]\n\nHi[/INST]',
    'several turns': '<s>[INST]What is 2+2?[/INST] Four. </s>[INST]Be brief.\n\n And 3+3?\n[/INST]',
  },
  'mistral-v7': {
    'one question': '<s>[INST] Hi[/INST]',
    'with a system prompt': '<s>[SYSTEM_PROMPT] Be brief.[/SYSTEM_PROMPT][INST] Hi[/INST]',
    'with an empty system prompt': '<s>[SYSTEM_PROMPT] [/SYSTEM_PROMPT][INST] Hi[/INST]',
    'several turns':
      '<s>[SYSTEM_PROMPT] Be brief.[/SYSTEM_PROMPT][INST] What is 2+2?[/INST]  Four. </s>[INST]  And 3+3?\n[/INST]',
  },
  gemma: {
    'one question': '<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n',
    'with a system prompt': '<bos><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n',
    'with an empty system prompt': '<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n',
    'several turns':
      '<bos><start_of_turn>user\nBe brief.\n\nWhat is 2+2?<end_of_turn>\n<start_of_turn>model\nFour.<end_of_turn>\n<start_of_turn>user\nAnd 3+3?<end_of_turn>\n<start_of_turn>model\n',
  },
  phi3: {
    'one question': '<|user|>\nHi<|end|>\n<|assistant|>\n',
    'with a system prompt': '<|system|>\nBe brief.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\n',
    'with an empty system prompt': '<|user|>\nHi<|end|>\n<|assistant|>\n',
    'several turns':
      '<|system|>\nBe brief.<|end|>\n<|user|>\nWhat is 2+2?<|end|>\n<|assistant|>\n Four. <|end|>\n<|user|>\n And 3+3?\n<|end|>\n<|assistant|>\n',
  },
  phi4: {
    'one question': '<|im_start|>user<|im_sep|>Hi<|im_end|><|im_start|>assistant<|im_sep|>',
    'with a system prompt':
      '<|im_start|>system<|im_sep|>Be brief.<|im_end|><|im_start|>user<|im_sep|>Hi<|im_end|><|im_start|>assistant<|im_sep|>',
    'with an empty system prompt':
      '<|im_start|>system<|im_sep|><|im_end|><|im_start|>user<|im_sep|>Hi<|im_end|><|im_start|>assistant<|im_sep|>',
    'several turns':
      '<|im_start|>system<|im_sep|>Be brief.<|im_end|><|im_start|>user<|im_sep|>What is 2+2?<|im_end|><|im_start|>assistant<|im_sep|> Four. <|im_end|><|im_start|>user<|im_sep|> And 3+3?\n<|im_end|><|im_start|>assistant<|im_sep|>',
  },
  zephyr: {
    'one question': '<|user|>\nHi</s>\n<|assistant|>\n',
    'with a system prompt': '<|system|>\nBe brief.</s>\n<|user|>\nHi</s>\n<|assistant|>\n',
    'with an empty system prompt': '<|system|>\n</s>\n<|user|>\nHi</s>\n<|assistant|>\n',
    'several turns':
      '<|system|>\nBe brief.</s>\n<|user|>\nWhat is 2+2?</s>\n<|assistant|>\n Four. </s>\n<|user|>\n And 3+3?\n</s>\n<|assistant|>\n',
  },
  deepseek: {
    'one question': '<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>',
    'with a system prompt': '<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜>',
    'with an empty system prompt': '<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>',
    'several turns':
      '<｜begin▁of▁sentence｜>Be brief.<｜User｜>What is 2+2?<｜Assistant｜> Four. <｜end▁of▁sentence｜><｜User｜> And 3+3?\n<｜Assistant｜>',
  },
  'deepseek-v2': {
    'one question': '<｜begin▁of▁sentence｜>User: Hi\n\nAssistant:',
    'with a system prompt': '<｜begin▁of▁sentence｜>Be brief.\n\nUser: Hi\n\nAssistant:',
    'with an empty system prompt': '<｜begin▁of▁sentence｜>\n\nUser: Hi\n\nAssistant:',
    'several turns':
      '<｜begin▁of▁sentence｜>Be brief.\n\nUser: What is 2+2?\n\nAssistant:  Four. <｜end▁of▁sentence｜>User:  And 3+3?\n\n\nAssistant:',
  },
  'command-r': {
    'one question':
      '<BOS_TOKEN><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
    'with a system prompt':
      '<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be brief.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
    'with an empty system prompt':
      '<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
    'several turns':
      '<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be brief.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>What is 2+2?<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>Four.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>And 3+3?<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
  },
  granite: {
    'one question':
      '<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
    'with a system prompt':
      '<|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
    'with an empty system prompt':
      '<|start_of_role|>system<|end_of_role|><|end_of_text|>\n<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
    'several turns':
      '<|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>What is 2+2?<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|> Four. <|end_of_text|>\n<|start_of_role|>user<|end_of_role|> And 3+3?\n<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
  },
  qwen: {
    'one question': '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'with a system prompt':
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'with an empty system prompt':
      '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'several turns':
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n Four. <|im_end|>\n<|im_start|>user\n And 3+3?\n<|im_end|>\n<|im_start|>assistant\n',
  },
  'qwen2.5': {
    'one question':
      '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'with a system prompt':
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'with an empty system prompt':
      '<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    'several turns':
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n Four. <|im_end|>\n<|im_start|>user\n And 3+3?\n<|im_end|>\n<|im_start|>assistant\n',
  },
  'llama3.1': {
    'one question':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    'with a system prompt':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    'with an empty system prompt':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    'several turns':
      '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhat is 2+2?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nFour.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd 3+3?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  },
  'deepseek-r1': {
    'one question': '<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜><think>\n',
    'with a system prompt': '<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜><think>\n',
    'with an empty system prompt': '<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜><think>\n',
    'several turns':
      '<｜begin▁of▁sentence｜>Be brief.<｜User｜>What is 2+2?<｜Assistant｜> Four. <｜end▁of▁sentence｜><｜User｜> And 3+3?\n<｜Assistant｜><think>\n',
  },
  'mistral-v7-tekken': {
    'one question': '<s>[INST]Hi[/INST]',
    'with a system prompt': '<s>[SYSTEM_PROMPT]Be brief.[/SYSTEM_PROMPT][INST]Hi[/INST]',
    'with an empty system prompt': '<s>[SYSTEM_PROMPT][/SYSTEM_PROMPT][INST]Hi[/INST]',
    'several turns':
      '<s>[SYSTEM_PROMPT]Be brief.[/SYSTEM_PROMPT][INST]What is 2+2?[/INST] Four. </s>[INST] And 3+3?\n[/INST]',
  },
  vicuna: {
    'one question': '<s>USER: Hi ASSISTANT:',
    'with a system prompt': '<s>Be brief. USER: Hi ASSISTANT:',
    'with an empty system prompt': '<s>USER: Hi ASSISTANT:',
    'several turns': '<s>Be brief. USER: What is 2+2? ASSISTANT:  Four. </s>USER:  And 3+3?\n ASSISTANT:',
  },
};
