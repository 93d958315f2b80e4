import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AppError, type ErrorCode } from '../../domain/errors';
import type { StoredFile } from '../../domain/files';
import {
  fileIdsOf,
  fromPortable,
  maxFaults,
  withNewIds,
  type PortableFile,
  type ImportReport,
  type WholeConversation,
} from '../../domain/portable';
import { portableConversationSchema } from '../../domain/portable-schema';
import type { CollectionStore } from '../storage/storage';
import { imageFile } from './files';

/** Conversations that are stored together: one transaction. */
const atOnce = 16;
/** How often other ids are tried for one whose ids are taken. */
const maxAttempts = 5;

/**
 * Adds the conversations of a file, each whole or not at all. Those that are there already are skipped; one whose ids
 * belong to something else gets other ids, the same each time, so that no second import brings it twice.
 */
export async function importConversations(
  store: CollectionStore,
  owner: string,
  conversations: readonly unknown[],
): Promise<ImportReport> {
  const report: ImportReport = { imported: 0, skipped: 0, refused: 0, faults: [] };
  for (let first = 0; first < conversations.length; first += atOnce) {
    const group = conversations.slice(first, first + atOnce);
    const faults = await Promise.all(group.map((value) => importOne(store, owner, value, report)));
    for (const [index, fault] of faults.entries()) {
      if (!fault) continue;
      report.refused += 1;
      const path = ['conversations', first + index, ...fault.path].join('.');
      if (report.faults.length < maxFaults) report.faults.push({ path, message: fault.message });
    }
  }
  return report;
}

/** What is the fault of a conversation, not of the server: a file that its messages show and nobody has, too. */
const refusals: readonly ErrorCode[] = ['invalid-input', 'conflict', 'not-found'];

interface Fault {
  path: PropertyKey[];
  message: string;
}

/** Counts what became of it, or returns why it was refused. Throws when storage fails. */
async function importOne(
  store: CollectionStore,
  owner: string,
  value: unknown,
  report: ImportReport,
): Promise<Fault | undefined> {
  const parsed = portableConversationSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { path: issue?.path ?? [], message: issue ? faultWords(issue) : 'This is damaged.' };
  }
  try {
    const whole = fromPortable(parsed.data);
    // One that no message shows would stay for ever when its date lies ahead.
    const shown = new Set(fileIdsOf(whole.messages));
    const files = (parsed.data.files ?? []).filter(({ id }) => shown.has(id)).map(fileOf);
    const outcome = await importWhole(store, owner, whole, files);
    report[outcome === 'imported' ? 'imported' : 'skipped'] += 1;
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !refusals.includes(thrown.code)) throw thrown;
    return { path: [], message: thrown.message };
  }
}

async function importWhole(
  store: CollectionStore,
  owner: string,
  whole: WholeConversation,
  files: StoredFile[],
): Promise<'imported' | 'existing'> {
  let candidate = { whole, files };
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const outcome = await store.import(owner, candidate.whole, candidate.files);
    if (outcome !== 'taken') return outcome;
    const newId = (id: string) => derivedId(owner, attempt, id);
    candidate = {
      whole: withNewIds(whole, newId, new Set(files.map(({ id }) => id))),
      files: files.map((file) => ({ ...file, id: newId(file.id) })),
    };
  }
  throw new AppError('conflict', 'Its ids, and those that it was given instead, are taken.');
}

/** What it is comes from its bytes, whatever is said of it. */
function fileOf({ id, name, bytes, createdAt }: PortableFile): StoredFile {
  return imageFile({ id, name, bytes: Buffer.from(bytes, 'base64') }, createdAt);
}

/** What is wrong, for people who did not write the file. */
function faultWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'This is missing.'
        : `This is not of the kind that belongs here (${issue.expected}).`;
    case 'unrecognized_keys':
      return `This has a property that does not belong here: ${issue.keys.join(', ')}.`;
    case 'invalid_value':
      return 'This is none of the values that it may have.';
    case 'invalid_format':
      return `This is not of the form that it must have (${issue.format}).`;
    default:
      return issue.message;
  }
}

/** A UUID (version 8) that is another for each owner and attempt, and always the same for these. */
function derivedId(owner: string, attempt: number, id: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([owner, attempt, id]))
    .digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}
