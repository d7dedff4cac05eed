import { BlockList, isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'family'>[] | undefined>>;

/** Whether an address is one of this machine, however it is written. */
export function isOwnAddress(address: string, interfaces: Interfaces = networkInterfaces()): boolean {
  const own = Object.values(interfaces).flatMap(entries => entries ?? []);
  // Lists by family: a list of both would take an IPv4 address for its mapped form.
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  for (const each of own) if (each.family.toLowerCase() === family) list.addAddress(each.address, family);
  return isIP(address) !== 0 && list.check(address, family);
}
