/** The texts of messages that are being edited, by the id of the message: switching branches loses none of them. */
export class Edits {
  private texts = $state.raw<Readonly<Record<string, string>>>({});

  /** The text so far; absent when the message is not being edited. */
  textOf(messageId: string): string | undefined {
    return this.texts[messageId];
  }

  note(messageId: string, text: string): void {
    this.texts = { ...this.texts, [messageId]: text };
  }

  end(messageId: string): void {
    const { [messageId]: _, ...others } = this.texts;
    this.texts = others;
  }
}
