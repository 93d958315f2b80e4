import { setImmediate } from 'node:timers/promises';
import { Zip, ZipDeflate } from 'fflate';
import { conversationMarkdown } from '../../domain/conversation-markdown';
import { AppError } from '../../domain/errors';
import { safeFileName } from '../../domain/file-name';
import type { StoredFile } from '../../domain/files';
import {
  fileIdsOf,
  portableFormat,
  portableVersion,
  toPortable,
  type PortableFile,
  type WholeConversation,
} from '../../domain/portable';

/** How conversations are exported: `json` has everything, `markdown` is to be read. */
export type ExportFormat = 'json' | 'markdown';

/** Files that one archive can list; one with more would be of a form that old programs cannot read. */
export const maxArchiveFiles = 65_000;
/** What is packed without a pause for other requests, in bytes. */
const packedAtOnce = 256 * 1024;

/** The format in an address; JSON unless it says otherwise. */
export function exportFormat(url: URL): ExportFormat {
  const format = url.searchParams.get('format') ?? 'json';
  if (format === 'json' || format === 'markdown') return format;
  throw new AppError('invalid-input', 'format: json or markdown.');
}

/** Reads a file of the owner whose document it is. */
export type ReadFile = (id: string) => Promise<StoredFile>;

/** The JSON document, in pieces: one line for each conversation, and one piece for each file that it shows. */
export async function* jsonDocument(
  wholes: AsyncIterable<WholeConversation> | Iterable<WholeConversation>,
  exportedAt: Date,
  readFile: ReadFile,
): AsyncGenerator<string> {
  const head = { format: portableFormat, version: portableVersion, exportedAt };
  yield `${JSON.stringify(head).slice(0, -1)},"conversations":[`;
  let separator = '\n';
  for await (const whole of wholes) {
    yield separator;
    yield* conversationJson(whole, readFile);
    separator = ',\n';
  }
  yield '\n]}\n';
}

async function* conversationJson(whole: WholeConversation, readFile: ReadFile): AsyncGenerator<string> {
  const json = JSON.stringify(toPortable(whole));
  const ids = fileIdsOf(whole.messages);
  if (ids.length === 0) return yield json;
  yield `${json.slice(0, -1)},"files":[`;
  for (const [index, id] of ids.entries()) {
    const { bytes, ...info } = await readFile(id);
    const file: PortableFile = { ...info, bytes: Buffer.from(bytes).toString('base64') };
    yield (index === 0 ? '' : ',') + JSON.stringify(file);
  }
  yield ']}';
}

/** A zip archive with a Markdown file for each conversation, in pieces. */
export async function* markdownArchive(wholes: AsyncIterable<WholeConversation>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((fault, chunk) => {
    if (fault) throw fault;
    ready.push(chunk);
  });
  const encoder = new TextEncoder();
  const taken = new Set<string>();
  for await (const whole of wholes) {
    const file = new ZipDeflate(`${uniqueName(whole, taken)}.md`, { level: 6 });
    file.mtime = archiveTime(whole);
    zip.add(file);
    const bytes = encoder.encode(conversationMarkdown(whole));
    for (let at = 0; at < bytes.length; at += packedAtOnce) {
      file.push(bytes.subarray(at, at + packedAtOnce), at + packedAtOnce >= bytes.length);
      yield* ready.splice(0);
      await setImmediate();
    }
  }
  zip.end();
  yield* ready.splice(0);
}

/** The name of the file of one conversation, without its ending. */
export function fileNameOf({ conversation: { title } }: WholeConversation): string {
  return safeFileName(title, 'Conversation');
}

/** A name that no other file of the archive has, also where capital letters do not count. */
function uniqueName(whole: WholeConversation, taken: Set<string>): string {
  const plain = `${whole.conversation.createdAt.toISOString().slice(0, 10)} ${fileNameOf(whole)}`;
  let name = plain;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${plain} (${String(number)})`;
  taken.add(name.toLowerCase());
  return name;
}

/** Archives know the years from 1980 to 2099 only. */
function archiveTime({ conversation: { updatedAt } }: WholeConversation): Date {
  const year = updatedAt.getFullYear();
  return year >= 1980 && year <= 2099 ? updatedAt : new Date(1980, 0, 1);
}
