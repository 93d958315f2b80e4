import type { MessageRole } from '../../domain/message';

/** Share of the room to which an over-long conversation is cut, so that the next turns keep the cached beginning. */
export const keptShare = 0.7;

export interface SizedMessage {
  role: MessageRole;
  tokens: number;
}

/**
 * How many messages at the start of a path leave so that the rest fits `room` tokens.
 *
 * The conversation is replayed turn by turn from its beginning, as it was when each question was asked: whenever a
 * question no longer fits, the oldest whole turns leave until at most 70 % of the room is used. So the result depends
 * on the messages alone, and stays the same for the turns that follow until the room is full again. The last turn
 * (from the last user message on) never leaves.
 */
export function fitContext(messages: readonly SizedMessage[], room: number): number {
  const turns = turnsOf(messages);
  let first = 0;
  let used = 0;
  for (const [index, turn] of turns.entries()) {
    const question = sum(messages.slice(turn.from, turn.asked));
    if (used + question > room) {
      for (; first < index && used + question > room * keptShare; first += 1)
        used -= tokensOf(messages, turns[first]);
    }
    used += tokensOf(messages, turn);
  }
  return turns[first]?.from ?? 0;
}

/** Where the next turn after `from` begins; absent when `from` is in the last one. */
export function nextTurn(messages: readonly SizedMessage[], from: number): number | undefined {
  const next = messages.findIndex(({ role }, index) => index > from && role === 'user');
  return next === -1 ? undefined : next;
}

interface Turn {
  from: number;
  /** After its user message: what was read when the question was asked. */
  asked: number;
  to: number;
}

/** A turn is a user message with all that follows it up to the next; what comes before the first belongs to it. */
function turnsOf(messages: readonly SizedMessage[]): Turn[] {
  const turns: Turn[] = [];
  for (const [index, { role }] of messages.entries()) {
    const last = turns.at(-1);
    if (!last || (role === 'user' && index > 0)) turns.push({ from: index, asked: index + 1, to: index + 1 });
    else last.to = index + 1;
  }
  return turns;
}

function tokensOf(messages: readonly SizedMessage[], turn: Turn | undefined): number {
  return turn ? sum(messages.slice(turn.from, turn.to)) : 0;
}

function sum(messages: readonly SizedMessage[]): number {
  return messages.reduce((total, { tokens }) => total + tokens, 0);
}
