import {
  maxFaults,
  maxImportBytes,
  portableFormat,
  portableVersion,
  type ImportReport,
} from '../domain/portable';
import { ApiError } from './api';
import type { DataApi } from './data-api';
import { thrownWords } from './error-words';
import { checkPortableHead, DamagedFile, FileSplitter, parse } from './file-splitter';

/** Characters of conversations that are sent at once: a piece that no server waits long for. */
const charactersAtOnce = 1_000_000;

/** Characters of one conversation from which on its images are sent before it, one by one. */
const imagesApartFrom = 8_000_000;

/** Room for what stands around a conversation that is sent alone. */
const bytesAround = 1000;

interface Numbered {
  /** Its place in the file. */
  index: number;
  value: unknown;
}

/** One file on its way into the server, piece by piece. */
export class FileImport {
  state = $state<'running' | 'done' | 'failed' | 'cancelled'>('running');
  /** How much of the file has been taken in, from 0 to 1. */
  fraction = $state(0);
  report = $state.raw<ImportReport>({ imported: 0, skipped: 0, refused: 0, faults: [] });
  /** Why it did not go on. What was taken in before stays. */
  error = $state.raw<string | null>(null);
  private waiting: Numbered[] = [];
  private waitingCharacters = 0;
  private count = 0;

  constructor(
    readonly file: Pick<File, 'name' | 'size' | 'stream'>,
    private readonly api: Pick<DataApi, 'import' | 'putFile'>,
  ) {}

  /** Reads the file to its end. Never throws: `state` and `error` say what became of it. */
  async run(): Promise<void> {
    try {
      await this.read();
      if (this.state === 'running') this.state = 'done';
    } catch (thrown) {
      if (this.state !== 'running') return;
      this.error = thrown instanceof DamagedFile ? thrown.message : thrownWords(thrown);
      this.state = 'failed';
    }
  }

  /** Stops after what is on its way. */
  cancel(): void {
    if (this.state === 'running') this.state = 'cancelled';
  }

  private async read(): Promise<void> {
    const splitter = new FileSplitter(checkPortableHead);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const reader = this.file.stream().getReader();
    let bytes = 0;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done || this.state !== 'running') break;
        bytes += value.byteLength;
        for (const member of splitter.push(decoder.decode(value, { stream: true }))) await this.take(member);
        this.fraction = bytes / Math.max(this.file.size, 1);
      }
    } catch (thrown) {
      // The decoder's: everything of ours is UTF-8.
      throw thrown instanceof TypeError ? new DamagedFile('This is not a text file.') : thrown;
    } finally {
      await reader.cancel();
    }
    if (this.state !== 'running') return;
    await this.send();
    splitter.end();
  }

  private async take(text: string): Promise<void> {
    const index = this.count;
    this.count += 1;
    let value: unknown;
    try {
      value = parse(text, 'This is damaged.');
    } catch {
      return this.refuse(index, 'The text of this conversation is damaged.');
    }
    let size = text.length;
    if (size > imagesApartFrom) {
      value = await this.sendImages(value);
      const left = JSON.stringify(value);
      size = left.length;
      // A character of a string has at most three bytes of UTF-8.
      if (size > maxImportBytes / 3 && new Blob([left]).size > maxImportBytes - bytesAround)
        return this.refuse(index, 'This conversation is too large to be imported.');
    }
    this.waiting.push({ index, value });
    this.waitingCharacters += size;
    if (this.waitingCharacters >= charactersAtOnce) await this.send();
  }

  /** Sends the images of a large conversation, and returns what is left of it; what is refused stays for the import to name. */
  private async sendImages(value: unknown): Promise<unknown> {
    const { files, ...conversation } = (value ?? {}) as { files?: unknown };
    if (!Array.isArray(files)) return value;
    const left: unknown[] = [];
    for (const file of files as Partial<Record<'id' | 'name' | 'bytes', unknown>>[]) {
      if (this.state !== 'running') return value;
      if (!(await this.putImage(file))) left.push(file);
    }
    return left.length === 0 ? conversation : { ...conversation, files: left };
  }

  /** Whether the server has it now. */
  private async putImage({
    id,
    name,
    bytes,
  }: Partial<Record<'id' | 'name' | 'bytes', unknown>>): Promise<boolean> {
    if (typeof id !== 'string' || typeof name !== 'string' || typeof bytes !== 'string') return false;
    try {
      await this.api.putFile(id, name, bytesOf(bytes));
      return true;
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.wasAnswered && !thrown.fault.retryable) return false;
      throw thrown;
    }
  }

  private async send(): Promise<void> {
    const sent = this.waiting;
    this.waiting = [];
    this.waitingCharacters = 0;
    if (sent.length === 0 || this.state !== 'running') return;
    const { imported, skipped, refused, faults } = await this.api.import({
      format: portableFormat,
      version: portableVersion,
      exportedAt: new Date().toISOString(),
      conversations: sent.map(({ value }) => value),
    });
    const { report } = this;
    this.report = {
      imported: report.imported + imported,
      skipped: report.skipped + skipped,
      refused: report.refused + refused,
      faults: [...report.faults, ...faults.map((fault) => inFile(fault, sent))].slice(0, maxFaults),
    };
  }

  private refuse(index: number, message: string): void {
    const { refused, faults } = this.report;
    const fault = { path: `conversations.${String(index)}`, message };
    this.report = { ...this.report, refused: refused + 1, faults: [...faults, fault].slice(0, maxFaults) };
  }
}

/** What base64 stands for; nothing when it is none. */
function bytesOf(base64: string): Blob {
  let text;
  try {
    text = atob(base64);
  } catch {
    return new Blob();
  }
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return new Blob([bytes]);
}

type Fault = ImportReport['faults'][number];

/** A fault with its place in the file, not in the piece that was sent. */
function inFile({ path, message }: Fault, sent: readonly Numbered[]): Fault {
  const place = path.replace(
    /^conversations\.(\d+)/u,
    (_, at: string) => `conversations.${String(sent[Number(at)]?.index ?? at)}`,
  );
  return { path: place, message };
}
