import type { IncomingHttpHeaders } from 'node:http';
import { maxImportBytes } from '../../domain/portable';
import type { Origins } from './request-rules';

const names = {
  protocol: 'x-parlance-protocol',
  host: 'x-parlance-host',
  address: 'x-parlance-address',
} as const;

/** Bytes of the largest body that any route takes; each route has its own, smaller limit (`endpoint`). */
const largestBody = maxImportBytes;

/**
 * Tells adapter-node, before it is imported, to take protocol, host and address from headers that only this server
 * writes, and nothing from variables that mean something to adapter-node elsewhere.
 */
export function configureAdapter(environment: NodeJS.ProcessEnv): void {
  for (const name of ['ORIGIN', 'PORT_HEADER', 'XFF_DEPTH']) Reflect.deleteProperty(environment, name);
  environment.PROTOCOL_HEADER = names.protocol;
  environment.HOST_HEADER = names.host;
  environment.ADDRESS_HEADER = names.address;
  environment.BODY_SIZE_LIMIT = String(largestBody);
}

/** Overwrites the internal headers, so that none of a client's gets through, and drops ids that it made up. */
export function writeInternalHeaders(headers: IncomingHttpHeaders, known: Origins): void {
  headers[names.protocol] = known.protocol;
  headers[names.host] = known.host;
  headers[names.address] = known.address;
  if (!known.isFromProxy) delete headers['x-request-id'];
}
