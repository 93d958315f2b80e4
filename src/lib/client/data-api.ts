import type { ImportReport, PortableDocument } from '../domain/portable';
import type { Wire } from '../domain/wire';
import type { FileInfo } from '../domain/files';
import { call, callWith } from './api';
import { uploadAddress } from './upload';

/** What is sent of a file at once; the server checks it. */
export interface ImportBody extends Omit<Wire<PortableDocument>, 'conversations'> {
  conversations: unknown[];
}

/** The calls of our own API about all conversations together. Each throws `ApiError`. */
export const dataApi = {
  count: () => call<{ count: number }>('GET', '/api/conversations/count'),
  import: (body: ImportBody) => call<ImportReport>('POST', '/api/import', body),
  /** An image of a conversation that is imported next. The same again is one. */
  putFile: (id: string, name: string, blob: Blob) => callWith<FileInfo>(uploadAddress(id, name), blob),
  deleteAll: () => call<{ deleted: number; deletedAt: Date }>('POST', '/api/conversations/delete-all'),
  restoreAll: (deletedAt: Date) =>
    call<{ restored: number }>('POST', '/api/conversations/restore-all', { deletedAt }),
};

export type DataApi = typeof dataApi;
export type ExportFormat = 'json' | 'markdown';

/** Where a file with one conversation, or with all of them, is. */
export function exportAddress(format: ExportFormat, conversationId?: string): string {
  const path = conversationId === undefined ? '/api/export' : `/api/conversations/${conversationId}/export`;
  return `${path}?format=${format}`;
}

/** Has the browser save what is at an address of ours. */
export function startDownload(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
