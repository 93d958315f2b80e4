/** What a model's tokenizer tells about its tokens; one object for each model, since indexes are kept by it. */
export interface TokenText {
  encode(text: string): readonly number[];
  /** The bytes that a token stands for; `undefined` for control tokens, which are not shown. */
  bytesOf(token: number): Uint8Array | undefined;
}
