import { AppError } from '../../../domain/errors';
import { faultIn } from './fault';
import { parseJson } from '../http/parse-json';
import { streamEventSchema, wholeAnswerSchema, type TgiEvent } from './wire';

/**
 * The events of `/generate_stream`, from the data of server-sent events, up to the one with the whole text: there is no
 * other mark of the end. Throws `TgiFault` for an error event, and `backend-protocol` for what is neither, and when the
 * stream ends before its end.
 */
export async function* streamedEvents(data: AsyncIterable<string>): AsyncGenerator<TgiEvent> {
  for await (const text of data) {
    const fault = faultIn({ status: 200, headers: {}, body: text });
    if (fault) throw fault;
    const event = streamEventSchema.safeParse(parseJson(text));
    if (!event.success) throw nonsense();
    yield event.data;
    if (typeof event.data.generated_text === 'string') return;
  }
  throw new AppError('backend-protocol', "The model's server ended the answer before it was complete.");
}

/** An answer that came whole, as the events that it would have been. `promptTokens`: what its headers say. */
export function wholeEvents(body: string, promptTokens?: number): TgiEvent[] {
  const fault = faultIn({ status: 200, headers: {}, body });
  if (fault) throw fault;
  const parsed = parseJson(body);
  const answer = wholeAnswerSchema.safeParse(Array.isArray(parsed) ? parsed[0] : parsed);
  if (!answer.success) throw nonsense();
  const { generated_text, details } = answer.data;
  const { tokens, top_tokens, prefill, ...size } = details ?? {};
  const sizes = { input_length: promptTokens, ...size };
  if (!tokens || tokens.length === 0) return [{ generated_text, prefill, details: sizes }];
  return tokens.map((token, index) => ({
    token,
    ...(index === 0 && { prefill }),
    top_tokens: top_tokens?.[index],
    generated_text: index === tokens.length - 1 ? generated_text : null,
    details: sizes,
  }));
}

function nonsense(): AppError {
  return new AppError('backend-protocol', "What the model's server sent is not an answer.");
}
