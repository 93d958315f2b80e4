import { memoryRemedy, tellsOfMemory } from './memory-fault';

/** How an engine process came to its end. */
export interface EngineEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last that it wrote to stderr: for the log, not for people. */
  words: string | undefined;
  /** Why we ended it; absent: we did not. */
  killedFor: 'silence' | 'other' | undefined;
}

/** A cause in words for people: what happened, and what they can do. */
export interface EndExplained {
  reason: string;
  remedy: string;
}

/**
 * What an end means. SIGKILL that we did not send comes from the system when memory runs out (or from a person, which
 * looks the same).
 */
export function explainEnd({ signal, words = '', killedFor }: EngineEnd): EndExplained {
  if (killedFor === 'silence') {
    return {
      reason: 'The engine of this model did not answer any more and was ended.',
      remedy: 'Try again. If it happens again, set LOCAL_THREADS to fewer threads or use a smaller model.',
    };
  }
  if ((signal === 'SIGKILL' && killedFor === undefined) || tellsOfMemory(words)) {
    return {
      reason: 'The engine of this model was ended, probably because memory ran out.',
      remedy: `Try again. If it happens again: ${memoryRemedy}`,
    };
  }
  return {
    reason: 'The engine of this model stopped.',
    remedy: 'Try again. It may need more memory than there is; the log of the server has what it wrote last.',
  };
}
