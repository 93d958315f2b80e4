import { Duplex } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

/** Smaller ones fit in one packet anyway. */
const minBytes = 1_000;
const compressible = /^(?:text\/html|application\/json|text\/plain)\b/iu;

/**
 * The response with its body compressed, if the client takes that and it pays. What Kit streams goes on as it comes.
 * Streams of events are left alone: proxies and tests read them as they are.
 */
export function compressed(request: Request, response: Response): Response {
  const { headers, body } = response;
  if (!body || !compressible.test(headers.get('content-type') ?? '')) return response;
  if (headers.has('content-encoding')) return response;
  const length = headers.get('content-length');
  if (length !== null && Number(length) < minBytes) return response;
  const result = new Response(response.body, response);
  result.headers.append('vary', 'Accept-Encoding');
  if (!/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/iu.test(request.headers.get('accept-encoding') ?? ''))
    return result;
  const gzip = Duplex.toWeb(
    createGzip({ flush: constants.Z_SYNC_FLUSH }),
  ) as ReadableWritablePair<Uint8Array>;
  const packed = new Response(body.pipeThrough(gzip), result);
  packed.headers.set('content-encoding', 'gzip');
  packed.headers.delete('content-length');
  return packed;
}
