import { messageStatusOf } from './generation';
import type { Entry, GenerationEvent, RunEnd } from './generation-event';
import type { Message } from './message';
import { appendText } from './parts';

/** No run has more to warn of. */
const maxWarnings = 20;

/**
 * Folds one event into the messages of its run (`messages[choice]`). Returns the same array when nothing changed and
 * never changes a message that it was given. The server and the browser both use this; there is no other fold.
 */
export function applyEvent(messages: Message[], event: GenerationEvent): Message[] {
  switch (event.type) {
    case 'run-start':
      return messages.map((message) => ({ ...message, modelId: event.modelId, status: 'running' }));
    case 'prepared':
      return event.leftOut === 0
        ? messages
        : messages.map((message) => ({ ...message, leftOut: event.leftOut }));
    case 'delta': {
      const message = messages[event.choice];
      return message ? withDelta(messages, message, event) : messages;
    }
    case 'tool-call': {
      const { choice, ...call } = event;
      const message = messages[choice];
      return message ? messages.with(choice, { ...message, parts: [...message.parts, call] }) : messages;
    }
    case 'prompt-logprobs': {
      const message = messages[event.choice];
      return message ? messages.with(event.choice, { ...message, promptLogprobs: event.tokens }) : messages;
    }
    case 'choice-end': {
      const message = messages[event.choice];
      return message ? messages.with(event.choice, { ...message, finishReason: event.reason }) : messages;
    }
    case 'snapshot':
      return event.messages;
    case 'run-end':
      return messages.map((message) => endMessage(message, event));
    case 'queued':
    case 'progress':
      return messages;
    case 'warning':
      return messages.map((message) => withWarning(message, event));
  }
}

/** A run that asks its backend several times is warned several times. */
function withWarning(
  message: Message,
  { code, text }: Extract<GenerationEvent, { type: 'warning' }>,
): Message {
  const { warnings = [] } = message;
  const isKnown = warnings.length >= maxWarnings || warnings.some((warning) => warning.text === text);
  return isKnown ? message : { ...message, warnings: [...warnings, { code, text }] };
}

/** A delta may have tokens and no text: the bytes of a character that is not complete, say. */
function withDelta(
  messages: Message[],
  message: Message,
  { choice, kind, text, tokens = [] }: Extract<GenerationEvent, { type: 'delta' }>,
): Message[] {
  if (text === '' && tokens.length === 0) return messages;
  return messages.with(choice, {
    ...message,
    ...(text !== '' && { parts: appendText(message.parts, kind, text) }),
    ...(tokens.length > 0 && { tokens: [...(message.tokens ?? []), ...tokens] }),
  });
}

/**
 * Folds the entries of a run, in order, into its messages as they were at its start. A stop's `throughSeq` drops what
 * came after the text that the reader had on screen.
 */
export function foldEntries(messages: Message[], entries: readonly Entry[]): Message[] {
  const last = entries.at(-1)?.event;
  const through = last?.type === 'run-end' ? (last.throughSeq ?? Infinity) : Infinity;
  let folded = messages;
  for (const { seq, event } of entries) {
    if (seq <= through || event.type === 'run-end') folded = applyEvent(folded, event);
  }
  return folded;
}

function endMessage(message: Message, end: RunEnd): Message {
  return {
    ...message,
    status: messageStatusOf(end.status),
    // One of several answers may have said already why it ended.
    ...(end.finishReason && { finishReason: message.finishReason ?? end.finishReason }),
    ...(end.usage && { usage: end.usage }),
    ...(end.error && { error: end.error }),
  };
}
