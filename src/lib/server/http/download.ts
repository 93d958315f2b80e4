/** What a download is called and what it is. */
export interface DownloadFile {
  /** Safe for every file system; see `safeFileName`. */
  name: string;
  contentType: string;
}

/**
 * A response that a browser saves as a file. The chunks are asked for one by one as the client takes them, so a slow
 * client holds nothing in memory; when it goes, the source is ended. A fault breaks the download off, which browsers show.
 */
export function download(
  { name, contentType }: DownloadFile,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Response {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { 'content-type': contentType, 'content-disposition': contentDisposition('attachment', name) },
  });
}

/** RFC 6266: the name in ASCII for old clients, then in UTF-8. */
export function contentDisposition(kind: 'attachment' | 'inline', name: string): string {
  const ascii = name.normalize('NFKD').replace(/[^\w .()-]/gu, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
