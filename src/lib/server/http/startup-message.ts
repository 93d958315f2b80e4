import { networkInterfaces } from 'node:os';
import type { Access } from '../auth/entrance';
import { isLoopbackName } from './addresses';

export interface StartupFacts {
  host: string;
  /** The one that it listens on. */
  port: number;
  dataDir: string;
  access: Pick<Access, 'access'> & { entrance?: { token: string } | undefined };
  /** The model that new conversations get. */
  model: string;
}

/** What the person who started the server reads. */
export function startupMessage(
  { host, port, dataDir, access: { access, entrance }, model }: StartupFacts,
  others = lanAddresses(),
): string {
  const query = entrance ? `?token=${entrance.token}` : '';
  const isShared = access === 'anonymous';
  const place = (name: string) => `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  const address = (name: string) => place(name) + (query === '' || isShared ? '' : `/${query}`);
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const first = isEverywhere || isLoopbackName(host) ? 'localhost' : host;
  const lines = [
    '',
    `  Parlance is ready: ${address(first)}`,
    ...(isEverywhere ? others.map((name) => `  From other devices: ${address(name)}`) : []),
    ...(entrance && isShared ? [`  Administrator:     ${place(first)}/login${query}`] : []),
    `  Model:             ${model}`,
    `  Data:              ${dataDir}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** IPv4 addresses under which other devices of the network may know this machine. */
function lanAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list = []) =>
    list.flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : [])),
  );
}
