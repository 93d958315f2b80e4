import type { FilePart } from '../domain/parts';
import type { MessageStatus } from '../domain/message';
import { keep, readKeptList } from './browser-storage';
import { isFilePart } from './draft';
import { newId } from './ids';

/** A message that waits until the answer before it is complete. */
export interface QueuedMessage {
  id: string;
  /** As they are sent: pasted texts first. */
  texts: string[];
  images: FilePart[];
}

/** What a queue needs to know of its conversation. */
export interface QueueHost {
  readonly id: string;
  /** Whether an answer is being written on the shown branch. */
  readonly isRunning: boolean;
  readonly path: readonly { role: string; status: MessageStatus }[];
  send: (texts: string[], images: FilePart[]) => Promise<boolean>;
}

/**
 * Messages of one conversation that were sent while an answer ran. Each goes when the answer before it is complete, and
 * can be changed until then. After an answer that did not become complete they wait for a word of the person. They are
 * kept by the browser, so a reload loses none.
 */
export class MessageQueue {
  items = $state.raw<QueuedMessage[]>([]);
  /** The one that is being changed; it does not go meanwhile. */
  editedId = $state<string | null>(null);
  private isReleased = $state(false);
  private refusedId = $state<string | null>(null);
  private isSending = $state(false);

  constructor(private readonly host: QueueHost) {
    this.items = readKeptList(this.key).flatMap(queuedOf);
  }

  /** Whether the next one waits for `release`: it was refused, or the last answer did not become complete. */
  get isHeld(): boolean {
    const [next] = this.items;
    const last = this.host.path.at(-1);
    const isCut = last !== undefined && last.status !== 'complete' && last.status !== 'running';
    return next !== undefined && !this.isReleased && (isCut || this.refusedId === next.id);
  }

  /** Whether the next one may go now. */
  get isReady(): boolean {
    const [next] = this.items;
    if (!next || this.editedId === next.id) return false;
    return !this.host.isRunning && !this.isHeld && !this.isSending;
  }

  add(texts: string[], images: FilePart[] = []): void {
    this.replace([...this.items, { id: newId(), texts, images }]);
  }

  /** Gives it other texts; its images stay. One of which nothing is left goes. */
  change(id: string, texts: string[]): void {
    this.editedId = null;
    const changed = this.items.map((item) => (item.id === id ? { ...item, texts } : item));
    this.replace(changed.filter((item) => item.texts.length > 0 || item.images.length > 0));
  }

  remove(id: string): void {
    if (this.editedId === id) this.editedId = null;
    this.replace(this.items.filter((item) => item.id !== id));
  }

  /** Sends the next one although the answer before it is not complete. */
  release(): void {
    this.isReleased = true;
  }

  /** Sends the next one, if it may go: to be called when `isReady` becomes true. */
  async sendNext(): Promise<void> {
    const [next, ...others] = this.items;
    if (!next || !this.isReady) return;
    this.isSending = true;
    this.isReleased = false;
    this.replace(others);
    const isTaken = await this.host.send(next.texts, next.images);
    if (!isTaken) {
      // Back to the front, for the person to decide: why it was refused is told beside the composer.
      this.refusedId = next.id;
      this.replace([next, ...this.items]);
    }
    this.isSending = false;
  }

  private get key(): string {
    return `parlance:queue:${this.host.id}`;
  }

  private replace(items: QueuedMessage[]): void {
    this.items = items;
    keep(this.key, items.length === 0 ? '' : JSON.stringify(items));
  }
}

/** What was kept, if it is a message. */
function queuedOf(value: unknown): QueuedMessage[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, texts, images = [] } = value as Partial<Record<keyof QueuedMessage, unknown>>;
  if (typeof id !== 'string' || !Array.isArray(texts) || !Array.isArray(images)) return [];
  const isWhole = texts.every((text: unknown) => typeof text === 'string') && images.every(isFilePart);
  return isWhole ? [{ id, texts, images }] : [];
}
