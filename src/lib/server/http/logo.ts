/** A picture as the models have it. */
interface Picture {
  mime: string;
  bytes: Uint8Array;
  version: string;
}

/** An SVG that somebody opens by itself loads nothing and runs nothing. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The picture of a model. One whose address has its version never changes; any other is asked for again. */
export function logoResponse({ mime, bytes, version }: Picture, url: URL, request: Request): Response {
  const etag = `"${version}"`;
  const isLasting = url.searchParams.get('v') === version;
  const headers = {
    'cache-control': isLasting ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    etag,
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'content-type': mime, 'content-security-policy': policy },
  });
}
