import * as tls from 'node:tls';
import { Agent } from 'undici';
import type { HttpSettings } from './settings';

/**
 * The connections of one transport. They are kept for the next request, speak HTTP/1.1 (an aborted request then closes
 * its socket, which every server notices), and have no limit of their own for silence: `http-transport.ts` and
 * `http-reply.ts` measure that, to the millisecond.
 */
export function createAgent(settings: HttpSettings, connectTimeoutMs: number): Agent {
  const { ca, clientCertificate } = settings;
  return new Agent({
    connect: {
      timeout: connectTimeoutMs,
      ...(ca !== undefined && { ca: [...trustedCertificates(), ca] }),
      ...(clientCertificate && {
        cert: clientCertificate.certificate,
        key: clientCertificate.key,
        passphrase: clientCertificate.password,
      }),
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
  });
}

/** A list of one's own replaces the usual one, so it begins with that: of the system too, where Node can tell it. */
function trustedCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
