const usualMs = 8000;

export interface UndoOffer {
  /** What was done. */
  text: string;
  /** Resolves to the address of what was brought back, if that is to be shown. */
  undo: () => Promise<string | undefined>;
  /** How long it is offered, in milliseconds; absent: 8 s. */
  forMs?: number;
}

/** What was done last, as long as it can be undone with one press. */
export class Undo {
  offer = $state.raw<UndoOffer | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Offers to undo this, for a while and in place of what was offered before. */
  propose(offer: UndoOffer): void {
    this.dismiss();
    this.offer = offer;
    this.timer = setTimeout(() => this.dismiss(), offer.forMs ?? usualMs);
  }

  /** Undoes what is offered, once; resolves to the address to go to, if any. */
  async take(): Promise<string | undefined> {
    const { offer } = this;
    this.dismiss();
    return offer?.undo();
  }

  dismiss(): void {
    clearTimeout(this.timer);
    this.offer = null;
  }
}
