import { maxImagesPerMessage, partOfFile, type FileInfo } from '../domain/files';
import type { FilePart } from '../domain/parts';
import { usualImages, type ImageLimits } from '../domain/model-summary';
import { ApiError } from './api';
import { newId } from './ids';
import { isWithin, UnusableImage } from './image-shrink';
import { fileAddress } from './upload';

/** An image beside the message that is being written. */
export interface Attachment {
  id: string;
  name: string;
  state: 'working' | 'ready' | 'failed';
  /** How much of it has been sent, from 0 to 1. */
  fraction: number;
  /** Address of what is shown of it. */
  preview: string;
  /** Why it failed, for people. */
  error?: string;
  /** What the message will have of it, once it is ready. */
  part?: FilePart;
}

/** What attachments need of the page around them; tests give their own. */
export interface AttachmentsOptions {
  /** What the chosen model takes; absent: it sees no images. */
  limits: () => ImageLimits | undefined;
  shrink: (source: Blob, limits: ImageLimits) => Promise<Blob>;
  upload: (
    file: { id: string; name: string; blob: Blob },
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ) => Promise<FileInfo>;
  /** The bytes of one whose original is no longer there. */
  download: (part: FilePart) => Promise<Blob>;
  /** Keeps what is ready for a reload. */
  keep: (parts: FilePart[]) => void;
}

/** Of an attachment: what the person gave, or what the server had before, and what is under way. */
interface Work {
  source?: Blob;
  kept?: FilePart;
  /** Bytes of what was sent; of what was there before, nobody here knows. */
  size?: number;
  abort: AbortController;
}

/** The images of a message that is being written: made small, sent to the server, and kept until it goes. */
export class Attachments {
  items = $state.raw<readonly Attachment[]>([]);
  /** Why something was not attached; `null` when nothing was refused. */
  refusal = $state.raw<string | null>(null);
  private readonly works = new Map<string, Work>();

  constructor(private readonly options: AttachmentsOptions) {}

  /** The parts of those that are ready, in order. */
  get parts(): FilePart[] {
    return this.items.flatMap(({ part }) => part ?? []);
  }

  /** Attaches these, as far as a message has room. What is not an image says so at its place. */
  add(files: readonly File[]): void {
    const room = Math.max(0, maxImagesPerMessage - this.items.length);
    this.refusal =
      files.length > room ? `A message has at most ${String(maxImagesPerMessage)} images.` : null;
    for (const file of files.slice(0, room)) {
      const id = newId();
      this.works.set(id, { source: file, abort: new AbortController() });
      const preview = URL.createObjectURL(file);
      this.replace([
        ...this.items,
        { id, name: file.name || 'image', state: 'working', fraction: 0, preview },
      ]);
      void this.work(id);
    }
  }

  /** Attaches what is on the server already: of a draft, or of a message that was not taken. */
  restore(parts: readonly FilePart[]): void {
    const restored = parts.map((part): Attachment => {
      const id = newId();
      this.works.set(id, { kept: part, abort: new AbortController() });
      const { name, fileId } = part;
      return { id, name, state: 'ready', fraction: 1, preview: fileAddress(fileId), part };
    });
    this.replace([...restored, ...this.items]);
  }

  remove(id: string): void {
    this.works.get(id)?.abort.abort();
    this.works.delete(id);
    const item = this.find(id);
    if (item?.preview.startsWith('blob:')) URL.revokeObjectURL(item.preview);
    this.refusal = null;
    this.replace(this.items.filter((other) => other.id !== id));
  }

  /** Tries again what failed. */
  retry(id: string): void {
    this.change(id, { state: 'working', fraction: 0 });
    void this.work(id);
  }

  /** Takes them all away: the message goes. */
  take(): FilePart[] {
    const { parts } = this;
    for (const { id } of this.items) this.remove(id);
    return parts;
  }

  /** Ends what is under way; the page is left. */
  close(): void {
    for (const { id, preview } of this.items) {
      this.works.get(id)?.abort.abort();
      if (preview.startsWith('blob:')) URL.revokeObjectURL(preview);
    }
  }

  /** Makes those smaller that another model does not take as they are. */
  fit(): void {
    const limits = this.options.limits();
    if (!limits) return;
    for (const { id, state, part } of this.items) {
      if (state !== 'ready' || !part || part.width === undefined || part.height === undefined) continue;
      const { mime, width, height } = part;
      const size = this.works.get(id)?.size ?? 0;
      if (!isWithin({ mime, width, height }, size, limits)) this.retry(id);
    }
  }

  /** What was kept is not on the server any more. */
  lose(id: string): void {
    const item = this.find(id);
    if (item?.state !== 'ready' || item.preview.startsWith('blob:')) return;
    this.change(id, { state: 'failed', error: 'It is no longer kept. Attach it again.' });
  }

  private async work(id: string): Promise<void> {
    const [item, work] = [this.find(id), this.works.get(id)];
    if (!item || !work) return;
    const { shrink, upload, download, limits } = this.options;
    try {
      work.source ??= work.kept ? await download(work.kept) : new Blob();
      const blob = await shrink(work.source, limits() ?? usualImages);
      work.size = blob.size;
      const onProgress = (fraction: number) => this.change(id, { fraction });
      // Another id each time: the bytes may be others.
      const info = await upload({ id: newId(), name: item.name, blob }, onProgress, work.abort.signal);
      this.change(id, { state: 'ready', fraction: 1, part: partOfFile(info) });
      // Another model may have been chosen while it was on its way.
      this.fit();
    } catch (thrown) {
      if (work.abort.signal.aborted) return;
      this.change(id, { state: 'failed', error: faultWords(thrown) });
    }
  }

  private find(id: string): Attachment | undefined {
    return this.items.find((item) => item.id === id);
  }

  /** Nothing happens to one that was removed. */
  private change(id: string, changes: Partial<Attachment>): void {
    const changed = this.items.map((item) => {
      if (item.id !== id) return item;
      const { error: _, part, ...kept } = { ...item, ...changes };
      const { error } = changes;
      // What is made anew is not what it was.
      const isThere = kept.state === 'ready' && part;
      return { ...kept, ...(isThere && { part }), ...(error !== undefined && { error }) };
    });
    this.replace(changed);
  }

  private replace(items: readonly Attachment[]): void {
    this.items = items;
    this.options.keep(this.parts);
  }
}

function faultWords(thrown: unknown): string {
  if (thrown instanceof UnusableImage) return thrown.message;
  const isRefused = thrown instanceof ApiError && thrown.wasAnswered && !thrown.fault.retryable;
  return isRefused ? thrown.fault.message : 'It could not be sent to the server. Try again.';
}
