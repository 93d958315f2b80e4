import type { TokenInfo } from '../../domain/token-info';
import { answerStart, type AnswerStart } from './answer-start';
import type { BackendEvent, GenerateInput } from './backend';
import { ThinkSplitter, type Piece } from './think-splitter';

type Delta = Extract<BackendEvent, { type: 'delta' }>;

/**
 * The events of an answer, in whose text a server leaves the reasoning in tags, with both told apart; a plain text to go on
 * from keeps its tags. `rendered` is the prompt that the server has made of messages, where it is known.
 */
export async function* reasoningApart(
  input: GenerateInput,
  events: AsyncIterable<BackendEvent>,
  rendered?: string,
): AsyncGenerator<BackendEvent> {
  const start = answerStart(input, rendered);
  const choices = new Map<number, Choice>();
  const restOf = (choice: number) => choices.get(choice)?.end() ?? [];
  const rest = () => [...choices.keys()].flatMap(restOf);
  try {
    for await (const event of events) {
      if (event.type === 'delta' && event.kind === 'text') {
        const choice = choices.get(event.choice) ?? new Choice(event.choice, start);
        choices.set(event.choice, choice);
        yield* choice.push(event);
        continue;
      }
      if (event.type === 'choice-end') yield* restOf(event.choice);
      if (event.type === 'finish') yield* rest();
      yield event;
    }
  } catch (thrown) {
    // What was held back is still shown.
    yield* rest();
    throw thrown;
  }
}

class Choice {
  private readonly splitter: ThinkSplitter;
  /** Of text that is held back. */
  private tokens: TokenInfo[] = [];

  constructor(
    private readonly index: number,
    start: AnswerStart,
  ) {
    this.splitter = new ThinkSplitter(start);
  }

  push({ text, tokens = [] }: Delta): Delta[] {
    this.tokens.push(...tokens);
    return this.deltas(this.splitter.push(text));
  }

  end(): Delta[] {
    return this.deltas(this.splitter.end());
  }

  private deltas(pieces: Piece[]): Delta[] {
    return pieces.map(({ kind, text }) => {
      const tokens = this.tokens.splice(0);
      return {
        type: 'delta',
        choice: this.index,
        kind,
        text,
        ...(tokens.length > 0 && { tokens }),
      };
    });
  }
}
