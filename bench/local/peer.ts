/** A text of a known number of tokens. */
export interface Prompt {
  text: string;
  tokens: number;
}

export interface Timing {
  /** From the request to the first token, in milliseconds. */
  firstTokenMs: number;
  /** Tokens a second after the first. */
  tokensPerSecond: number;
}

/** The rates of several conversations at once, their tokens added up. */
export interface Rates {
  /** From the requests to the last token: reading the prompts counts. */
  wholePerSecond: number;
  /** While all of them write; NaN where there was no such time. */
  decodePerSecond: number;
}

export interface Turn {
  /** Which chat it belongs to: a new name is a new chat. */
  chat: string;
  /** What the person says now. */
  text: string;
  /** The whole conversation as the model reads it, this turn included. */
  prompt: Prompt;
  /** Its tokens before this turn: those that an engine may have kept. */
  history: number;
  /** Tokens that the answer gets. */
  newTokens: number;
}

export interface Memory {
  /** Resident memory of the process in which the model runs, in MB. */
  engineMb: number;
  /** The same with the process that asks it, where that is another one. */
  treeMb: number;
}

/** What is measured of an engine. Every answer is greedy and has exactly `newTokens`. */
export interface Engine {
  write(work: { prompt: Prompt; newTokens: number }): Promise<Timing>;
  /** Milliseconds to the first token. */
  turn(turn: Turn): Promise<number>;
  together(work: { prompts: Prompt[]; newTokens: number }): Promise<Rates>;
}

/** An engine with what the report says about it. */
export interface Peer extends Engine {
  readonly name: string;
  readonly version: string;
  /** Whether a turn costs the same without those before it, so that only the ones that are shown need be run. */
  readonly keepsNoChat: boolean;
  memory(): Memory;
  close(): Promise<void>;
}
