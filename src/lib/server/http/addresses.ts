import { BlockList, isIP } from 'node:net';
import type { Env } from '../config/env';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a name or address (without a port; IPv6 with or without brackets) can only mean this machine. */
export function isLoopbackName(name: string): boolean {
  const bare = name.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  return isIn(loopback, bare);
}

/** Whether others can reach what listens here: on another address, or through a proxy that is listed. */
export function isReachableByOthers({ host, trustedProxies }: Pick<Env, 'host' | 'trustedProxies'>): boolean {
  return !isLoopbackName(host) || trustedProxies.length > 0;
}

/** A test for addresses of the listed proxies. */
export function proxyMatcher(subnets: Env['trustedProxies']): (address: string) => boolean {
  const listed = new BlockList();
  for (const { address, prefix, family } of subnets) listed.addSubnet(address, prefix, family);
  return (address) => isIn(listed, address);
}

function isIn(list: BlockList, address: string): boolean {
  // A socket that listens on `::` tells IPv4 addresses in this form.
  const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '');
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}
