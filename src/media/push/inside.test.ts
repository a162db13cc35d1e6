import { expect, test } from 'vitest';
import { isInside } from './inside.ts';

test('[SIM-4] loopback, private, link-local and reserved addresses lie inside, in every spelling', () => {
  const inside = [
    ...['127.0.0.1', '127.255.0.3', '10.1.2.3', '172.31.255.255', '192.168.0.1', '169.254.169.254'],
    ...['0.0.0.0', '100.64.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::'],
  ];
  expect(inside.filter((ip) => !isInside(ip))).toEqual([]);
});

test('[SIM-4] public addresses do not', () => {
  const outside = [
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2a00:1450:4001:829::200e',
    '::ffff:8.8.8.8',
  ];
  expect(outside.filter(isInside)).toEqual([]);
});
