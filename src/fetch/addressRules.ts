/** Addresses that nobody may make the hook call, whatever a StormService says. */
import { BlockList, isIP } from 'node:net';

const RANGES = {
  loopback: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/10', 'fec0::/10'],
  // AWS, Alibaba Cloud, Azure, Oracle Cloud and Google Cloud where they are not link-local.
  metadata: ['fd00:ec2::/32', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32', 'fd20:ce::/32'],
  unspecified: ['0.0.0.0/8', '::/128'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  broadcast: ['240.0.0.0/4'],
  // IPv4 in IPv6's clothes: compatible, mapped, translated, NAT64 (both), 6to4, Teredo.
  'IPv4 in IPv6': [
    '::/96',
    '::ffff:0:0/96',
    '::ffff:0:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2002::/16',
    '2001::/32',
  ],
} as const;

export type AddressClass = keyof typeof RANGES;

/** Lists by family: a list of IPv6 ranges would take an IPv4 address for its mapped form. */
const lists = (Object.keys(RANGES) as AddressClass[]).map(name => {
  const list = { name, ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of RANGES[name]) {
    const [network = '', length] = range.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    list[family].addSubnet(network, Number(length), family);
  }
  return list;
});

/** The class for which an address is refused; undefined when it may be called (public and private ones). */
export function refusedClass(ip: string): AddressClass | 'unknown' | undefined {
  const version = isIP(ip);
  if (version === 0) return 'unknown';
  // A zone (fe80::1%eth0) only makes sense on a link.
  if (ip.includes('%')) return 'link-local';
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return lists.find(list => list[family].check(ip, family))?.name;
}
