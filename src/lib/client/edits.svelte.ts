/** What was changed of messages that are being edited, by the id of the message: switching branches loses none of it. */
export class Edits {
  private texts = $state.raw<Readonly<Record<string, string>>>({});
  private removed = $state.raw<Readonly<Record<string, readonly string[]>>>({});
  /** Texts whose message is gone, deleted in another tab, say: they belong into the composer. */
  stranded = $state.raw<readonly string[]>([]);

  /** The text so far; absent when the message is not being edited. */
  textOf(messageId: string): string | undefined {
    return this.texts[messageId];
  }

  note(messageId: string, text: string): void {
    this.texts = { ...this.texts, [messageId]: text };
  }

  /** The ids of the images that the next version of a message is not to have. */
  removedFrom(messageId: string): readonly string[] {
    return this.removed[messageId] ?? [];
  }

  removeFile(messageId: string, fileId: string): void {
    this.removed = { ...this.removed, [messageId]: [...this.removedFrom(messageId), fileId] };
  }

  end(messageId: string): void {
    const { [messageId]: _, ...others } = this.texts;
    this.texts = others;
    const { [messageId]: _files, ...otherFiles } = this.removed;
    this.removed = otherFiles;
  }

  /** Strands the texts whose message is not there any more. */
  strand(isThere: (messageId: string) => boolean): void {
    const gone = Object.entries(this.texts).filter(([id]) => !isThere(id));
    if (gone.length === 0) return;
    this.stranded = [...this.stranded, ...gone.map(([, text]) => text)];
    for (const [id] of gone) this.end(id);
  }
}
