import { AppError } from '../../../domain/errors';
import type { MessageRole } from '../../../domain/message';
import { withAnswerStart } from '../answer-start';
import { imageMark, type PromptImage, type PromptMessage } from '../backend';
import { parseJson } from '../http/parse-json';
import type { UpstreamReply } from '../http/upstream-error';
import { faultIn } from './fault';
import { chatPromptSchema } from './wire';

/** The body of `/chat_tokenize`. */
export function chatOf(messages: readonly { role: MessageRole; content: string }[]): object {
  return { messages };
}

/** Messages with marks where their images stand, and these images in turn. */
export function withMarks(messages: readonly PromptMessage[]): {
  marked: { role: MessageRole; content: string }[];
  images: PromptImage[];
} {
  return {
    marked: messages.map(({ role, content, images = [] }) => ({
      role,
      content: imageMark.repeat(images.length) + content,
    })),
    images: messages.flatMap(({ images = [] }) => images),
  };
}

/** The prompt in a reply of `/chat_tokenize`, with the start of its answer. Throws `TgiFault` for what the template refuses. */
export function promptIn(reply: UpstreamReply, prefix: string): string {
  const fault = faultIn(reply);
  if (fault) throw fault;
  const prompt = chatPromptSchema.safeParse(parseJson(reply.body));
  if (!prompt.success)
    throw new AppError('backend-protocol', "What the model's server sent is not a prompt.");
  return withAnswerStart(prompt.data.templated_text, prefix);
}
