/** How much is measured. */
export interface Plan {
  /** Rounds, in each of which every peer has its turn. */
  rounds: number;
  /** Tokens of context at which reading and writing are timed. */
  lengths: number[];
  /** Tokens that are written there. */
  newTokens: number;
  /** Turns of a chat whose first token is timed, and the tokens of a message and of an answer. */
  turns: number[];
  messageTokens: number;
  answerTokens: number;
  /** Conversations at once, each with a prompt and an answer of so many tokens. */
  together: number[];
  togetherTokens: number;
  /** Tokens of each of the conversations that fill the memory. */
  fillTokens: number;
}

export const wholePlan: Plan = {
  rounds: 5,
  lengths: [16, 512, 2048],
  newTokens: 64,
  turns: [1, 2, 10],
  messageTokens: 48,
  answerTokens: 48,
  together: [1, 2, 4, 8],
  togetherTokens: 128,
  fillTokens: 1900,
};

/** Some minutes shorter; its figures are good for nothing but seeing that all of it runs. */
export const quickPlan: Plan = {
  ...wholePlan,
  rounds: 1,
  lengths: [16, 512],
  newTokens: 32,
  turns: [1, 2, 3],
  answerTokens: 16,
  together: [1, 4],
  togetherTokens: 64,
  fillTokens: 256,
};
