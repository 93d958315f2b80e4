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
  /** The one that is being changed, with its text so far; it does not go meanwhile. */
  edited = $state<{ id: string; text: string } | null>(null);
  private isReleased = $state(false);
  private refusedId = $state<string | null>(null);
  private isSending = $state(false);
  /** Whether the browser keeps them, for its other tabs, too. */
  private isKept = true;

  constructor(private readonly host: QueueHost) {
    this.sync();
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
    if (!next || this.edited?.id === next.id) return false;
    return !this.host.isRunning && !this.isHeld && !this.isSending;
  }

  add(texts: string[], images: FilePart[] = []): void {
    this.change((items) => [...items, { id: newId(), texts, images }]);
  }

  /** Begins to change one. */
  edit({ id, texts }: QueuedMessage): void {
    this.edited = { id, text: texts.join('\n\n') };
  }

  /** Takes the text that one was changed to; its images stay. One of which nothing is left goes. */
  saveEdit(): void {
    if (!this.edited) return;
    const { id, text } = this.edited;
    const texts = text.trim() === '' ? [] : [text];
    this.change((items) => {
      const changed = items.map((item) => (item.id === id ? { ...item, texts } : item));
      return changed.filter((item) => item.texts.length > 0 || item.images.length > 0);
    });
    this.edited = null;
  }

  /** Leaves it as it was. */
  cancelEdit(): void {
    this.edited = null;
    this.sync();
  }

  remove(id: string): void {
    if (this.edited?.id === id) this.edited = null;
    this.change((items) => items.filter((item) => item.id !== id));
  }

  /** Sends the next one although the answer before it is not complete. */
  release(): void {
    this.isReleased = true;
  }

  /** Sends the next one, if it may go: to be called when `isReady` becomes true. */
  async sendNext(): Promise<void> {
    // Another tab may have sent it by now.
    this.sync();
    const [next] = this.items;
    if (!next || !this.isReady) return;
    this.isSending = true;
    this.isReleased = false;
    this.change(([, ...others]) => others);
    const isTaken = await this.host.send(next.texts, next.images);
    if (!isTaken) {
      // Back to the front, for the person to decide: why it was refused is told beside the composer.
      this.refusedId = next.id;
      this.change((items) => [next, ...items]);
    }
    this.isSending = false;
  }

  /** Takes what other tabs of this browser have made of them. */
  sync(): void {
    if (!this.isKept) return;
    const kept = readKeptList(this.key).flatMap(queuedOf);
    const isThere = ({ id }: QueuedMessage) => kept.some((other) => other.id === id);
    // What is being changed here is not lost when another tab sends it as it was.
    const edited = this.items.filter((item) => item.id === this.edited?.id && !isThere(item));
    this.items = [...edited, ...kept];
  }

  private get key(): string {
    return `parlance:queue:${this.host.id}`;
  }

  private change(changed: (items: QueuedMessage[]) => QueuedMessage[]): void {
    this.sync();
    const items = (this.items = changed(this.items));
    this.isKept = keep(this.key, items.length === 0 ? '' : JSON.stringify(items));
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
