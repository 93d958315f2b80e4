import type { PublicError } from '../domain/errors';
import type { FileInfo } from '../domain/files';
import { fromWire, type Wire } from '../domain/wire';
import { ApiError } from './api';

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
    const fail = () => reject(new ApiError(unreachable, false));
    request.open('POST', `/api/files?${new URLSearchParams({ id, name: name.slice(0, 200) }).toString()}`);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = fail;
    request.onabort = fail;
    request.onload = () => {
      if (request.status === 200) resolve(fromWire<FileInfo>(request.response as Wire<FileInfo>));
      else reject(new ApiError(faultOf(request), true));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    if (signal.aborted) fail();
    else request.send(blob);
  });
}

const unreachable: PublicError = {
  code: 'backend-unreachable',
  message: 'The server cannot be reached.',
  retryable: true,
};

function faultOf({ response, status }: XMLHttpRequest): PublicError {
  const answered = response as { error?: PublicError } | null;
  return (
    answered?.error ?? {
      code: 'internal',
      message: `The server answered ${String(status)}.`,
      retryable: true,
    }
  );
}
