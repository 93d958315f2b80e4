import { networkInterfaces } from 'node:os';
import { isLoopbackName } from './addresses';

export interface StartupFacts {
  host: string;
  /** The one that it listens on. */
  port: number;
  dataDir: string;
  accessToken: string | undefined;
  /** The model that new conversations get. */
  model: string;
}

/** What the person who started the server reads. */
export function startupMessage(
  { host, port, dataDir, accessToken, model }: StartupFacts,
  others = lanAddresses(),
): string {
  const token = accessToken === undefined ? '' : `/?token=${accessToken}`;
  const address = (name: string) => `http://${name.includes(':') ? `[${name}]` : name}:${port}${token}`;
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const first = isEverywhere || isLoopbackName(host) ? 'localhost' : host;
  const lines = [
    '',
    `  Parlance is ready: ${address(first)}`,
    ...(isEverywhere ? others.map((name) => `  From other devices: ${address(name)}`) : []),
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
