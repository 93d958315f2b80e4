import type { GenerationParameters } from '../../../../domain/parameters';
import { sample, type SamplingMemory } from '../sampling';

export interface Choice {
  token: number;
  logprob?: number;
  top?: { token: number; logprob: number }[];
}

export interface TokenChooserOptions {
  parameters: GenerationParameters;
  prompt: readonly number[];
  eosTokenIds: readonly number[];
  vocabulary: number;
  text: { encode(text: string): number[]; bytesOf(token: number): Uint8Array | undefined };
  random: () => number;
  memory: SamplingMemory;
}

export class TokenChooser {
  private readonly seen: Set<number>;
  constructor(private readonly options: TokenChooserOptions) {
    this.seen = new Set(options.prompt);
  }
  choose(logits: Float32Array): Choice {
    return { token: sample(logits, this.options.parameters, this.seen, this.options.random, this.options.memory) };
  }
  accept(token: number): void {
    this.seen.add(token);
  }
}

export function createTokenChooser(options: TokenChooserOptions): Promise<TokenChooser> {
  return Promise.resolve(new TokenChooser(options));
}
