import type { PublicError } from '../domain/errors';
import { maxFileNameLength, type FileInfo } from '../domain/files';
import { fromWire, type Wire } from '../domain/wire';
import { ApiError, unknownFault, unreachable } from './api';

/** Where a file is sent to. */
export function uploadAddress(id: string, name: string): string {
  return `/api/files?${new URLSearchParams({ id, name: name.slice(0, maxFileNameLength) }).toString()}`;
}

/** Where the bytes of a file are. */
export function fileAddress(id: string): string {
  return `/api/files/${id}`;
}

/**
 * Sends a file and tells how much of it is on its way, from 0 to 1; `fetch` cannot. Throws `ApiError`; an abort is one
 * that was not answered.
 */
export function uploadFile(
  { id, name, blob }: { id: string; name: string; blob: Blob },
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = () => reject(unreachable());
    request.open('POST', uploadAddress(id, name));
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = fail;
    request.onabort = fail;
    request.onload = () => {
      if (request.status === 200) resolve(fromWire<FileInfo>(request.response as Wire<FileInfo>));
      else {
        const answered = request.response as { error?: PublicError } | null;
        reject(new ApiError(answered?.error ?? unknownFault(request.status), true));
      }
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    if (signal.aborted) fail();
    else request.send(blob);
  });
}
