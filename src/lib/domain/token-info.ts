/** One token of a delta and how likely the model found it. */
export interface TokenInfo {
  text: string;
  /** Natural logarithm of its probability, of the model's own distribution before any parameter changed it. */
  logprob: number;
  /** The likeliest tokens in its place, likeliest first, as many as `top_logprobs` asked for. */
  top?: { text: string; logprob: number }[];
}

/** One token of the prompt, and how likely the model found it after those before it. */
export interface PromptToken {
  text: string;
  /** As in `TokenInfo`. Absent: nothing stands before it, or nobody said. */
  logprob?: number;
}
