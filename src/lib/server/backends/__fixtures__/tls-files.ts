import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8');

/** An authority that nobody knows, and two certificates of it for 127.0.0.1. For tests alone: the keys are public. */
export const tlsFiles = {
  ca: read('ca.pem'),
  server: { cert: read('server.pem'), key: read('server.key') },
  client: { certificate: read('client.pem'), key: read('client.key') },
};
