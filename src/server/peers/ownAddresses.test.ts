import { expect, it } from 'vitest';
import { isOwnAddress } from './ownAddresses.js';

const interfaces = {
  lo: [
    { address: '127.0.0.1', family: 'IPv4' },
    { address: '::1', family: 'IPv6' },
  ],
  eth0: [
    { address: '10.0.0.7', family: 'IPv4' },
    { address: 'fd00::7', family: 'IPv6' },
  ],
  down: undefined,
} as const;

it.each([
  ['127.0.0.1', true],
  ['10.0.0.7', true],
  ['10.0.0.8', false],
  ['fd00::7', true],
  ['FD00:0:0::0007', true],
  ['fd00::8', false],
  ['::ffff:10.0.0.7', false],
  ['fe80::1%eth0', false],
  ['hook-peers', false],
  ['', false],
])('%s: %s', (address, own) => {
  expect(isOwnAddress(address, interfaces)).toBe(own);
});

it('knows the addresses of this machine', () => {
  expect(isOwnAddress('127.0.0.1')).toBe(true);
  expect(isOwnAddress('192.0.2.1')).toBe(false);
});
