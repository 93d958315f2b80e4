const offeredMs = 8000;

export interface UndoOffer {
  /** What was done. */
  text: string;
  undo: () => Promise<unknown>;
}

/** What was done last, as long as it can be undone with one press. */
export class Undo {
  offer = $state.raw<UndoOffer | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Offers to undo this, for a while and in place of what was offered before. */
  propose(offer: UndoOffer): void {
    this.dismiss();
    this.offer = offer;
    this.timer = setTimeout(() => this.dismiss(), offeredMs);
  }

  /** Undoes what is offered, once. */
  async take(): Promise<void> {
    const { offer } = this;
    this.dismiss();
    await offer?.undo();
  }

  dismiss(): void {
    clearTimeout(this.timer);
    this.offer = null;
  }
}
