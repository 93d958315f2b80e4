import type { ImageLimits } from '../domain/model-summary';
import type { Attachments } from './attachments.svelte';
import { attachmentsOf } from './attachments-of';
import { readDraftImages } from './draft';

type Limits = () => ImageLimits | undefined;

interface Held {
  attachments: Attachments;
  draftOf: string | null;
  limits: Limits;
  /** Places of the page that show them. */
  users: number;
}

export interface HeldAttachments {
  attachments: Attachments;
  /** Begins with what was kept of them, unless they are here still. Returns the function that lets go of them. */
  show: () => () => void;
}

/**
 * The images of drafts. What is on its way to the server when its conversation is left goes on, and what failed is there to
 * be tried again, until the page is loaded anew; what has arrived is kept longer, with the draft.
 */
export class DraftAttachments {
  private readonly all = new Map<string | null, Held>();

  constructor(private readonly make: typeof attachmentsOf = attachmentsOf) {}

  /** Those of a conversation (`null`: not begun). `limits`: what its model takes. */
  of(draftOf: string | null, limits: Limits): HeldAttachments {
    const former = this.all.get(draftOf);
    const held = former ?? this.begin(draftOf, limits);
    return {
      attachments: held.attachments,
      show: () => {
        held.users += 1;
        held.limits = limits;
        if (!former) held.attachments.restore(readDraftImages(held.draftOf));
        return () => this.leave(held, limits);
      },
    };
  }

  /** The conversation that was not begun has an address now; see `moveDraft`. */
  move(conversationId: string): void {
    const held = this.all.get(null);
    if (!held) return;
    this.all.delete(null);
    held.draftOf = conversationId;
    this.all.set(conversationId, held);
  }

  private begin(draftOf: string | null, limits: Limits): Held {
    const attachments = this.make(
      () => held.draftOf,
      () => held.limits(),
    );
    const held: Held = { attachments, draftOf, limits, users: 0 };
    this.all.set(draftOf, held);
    return held;
  }

  private leave(held: Held, limits: Limits): void {
    held.users -= 1;
    // Another place may show them already; without one, the model is that which was last chosen.
    if (held.limits === limits) {
      const last = limits();
      held.limits = () => last;
    }
    if (held.users > 0 || held.attachments.items.some(({ state }) => state !== 'ready')) return;
    held.attachments.close();
    if (this.all.get(held.draftOf) === held) this.all.delete(held.draftOf);
  }
}
