// Which addresses lie inside: this machine, its networks, and what nobody reaches from outside. The rule: whoever may
// name an address to send to can't reach by it what only this machine should (databases, clouds' metadata, neighbours).

import { BlockList, isIPv6 } from 'node:net';

/** IANA's special-purpose registries (RFC 6890 and its updates). */
const v4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
// The last ones carry an IPv4 address that isn't looked at: mapped ones are, below.
const v6 = ['::/127', '100::/64', '2001:db8::/32', 'fc00::/7', 'fe80::/10', 'ff00::/8'];
const carriers = ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'];

const list = new BlockList();
for (const [subnets, family] of [
  [v4, 'ipv4'],
  [[...v6, ...carriers], 'ipv6'],
] as const)
  for (const subnet of subnets) {
    const [network = '', prefix = ''] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }

/** Whether an IP address lies inside. IPv4 within IPv6 (`::ffff:127.0.0.1`) counts as what it carries. */
export function isInside(ip: string): boolean {
  return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}
