import type { DecoderGraph } from './bank';
import type { JobRequest } from './job';
import { Lane } from './lane';
import type { Place, Sequence } from './sequence';
import { SharedPrefixes } from './shared-prefixes';

export interface LanesOptions {
  graph: DecoderGraph;
  /** Answers that are written at once. */
  slots: number;
  /** Tokens that each of them has room for; a longer one moves to a lane of its own. */
  context: number;
  /** Tokens of one sequence at most. */
  contextLength: number;
}

/** The common lane, and the long one: a single row for the whole context, there while somebody needs it. */
export class Lanes {
  private readonly common: Lane;
  private long: Lane | undefined;
  private readonly shared: SharedPrefixes;

  constructor(private readonly options: LanesOptions) {
    const { graph, slots, context, contextLength } = options;
    this.common = new Lane(graph, slots, Math.min(context, contextLength));
    this.shared = new SharedPrefixes(graph);
  }

  get all(): Lane[] {
    return this.long ? [this.common, this.long] : [this.common];
  }

  /** A place for a prompt, with as much of its beginning as is known; `undefined` when it has to wait. */
  take({ prompt, scope, sharedPrefix, parameters }: JobRequest): Place | undefined {
    const lane = this.laneFor(prompt, scope);
    if (!lane) return undefined;
    const row = lane.take({ prompt, scope, onlyRead: parameters.seed !== undefined });
    this.shared.fill(sharedPrefix, lane, row);
    return { lane, row };
  }

  /** Keeps an operator's beginning that has just been read, for all owners. */
  keepShared(sharedPrefix: readonly number[], { lane, row }: Place): void {
    this.shared.keep(sharedPrefix, lane, row);
  }

  /** Whether a sequence's row has room for one more token; a full one moves to the long lane as soon as that is free. */
  makeRoom(sequence: Sequence): boolean {
    const { place } = sequence;
    if (!place) return false;
    const { lane, row } = place;
    if (row.tokens.length < lane.bank.capacity) return true;
    const long = this.freeLong();
    if (!long) return false;
    const moved = long.take({ prompt: [], scope: row.scope, onlyRead: true });
    long.bank.copy(0, lane.bank, lane.placeOf(row), 0, row.tokens.length);
    [moved.tokens, moved.readLength] = [[...row.tokens], row.readLength];
    lane.giveBack(row);
    sequence.place = { lane: long, row: moved };
    return true;
  }

  /** Gives back what only drafts need. */
  endDrafting(): void {
    for (const lane of this.all) lane.bank.endDrafting();
  }

  /** Gives the long lane back, with the conversation that it remembers. Call only while its row is free. */
  releaseLong(): void {
    this.long?.release();
    this.long = undefined;
  }

  /** The lane with room that holds most of the prompt's beginning. */
  private laneFor(prompt: readonly number[], scope: string | undefined): Lane | undefined {
    const { common, long } = this;
    if (!common.hasRoom && !long?.hasRoom) return undefined;
    if (long?.hasRoom && long.sharedWith(prompt, scope) > common.sharedWith(prompt, scope)) return long;
    if (prompt.length < common.bank.capacity) return common.hasRoom ? common : undefined;
    return this.freeLong();
  }

  private freeLong(): Lane | undefined {
    if (this.long && !this.long.hasRoom) return undefined;
    // A new one: the memory that the former conversation touched goes back to the system.
    this.releaseLong();
    this.long = new Lane(this.options.graph, 1, this.options.contextLength);
    return this.long;
  }
}
