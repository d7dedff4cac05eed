import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryError } from '../providers/queryError.js';
import { createAddressGuard, type Resolver } from './addressGuard.js';
import { refusedClass } from './addressRules.js';
import { parseAllowList } from './allowList.js';

function guard(allowed: string | undefined, resolve?: Resolver) {
  const parsed = allowed === undefined ? undefined : parseAllowList(allowed);
  return createAddressGuard(parsed?.ok ? parsed.list : undefined, resolve);
}

/** A resolver that answers with these addresses. */
function resolver(...addresses: string[]): Resolver {
  const found = addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
  return ((_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(null, found)) as Resolver;
}

async function resolved(host: string, port: number, addresses: string[], allowed?: string): Promise<string[] | string> {
  const lookup = guard(allowed, resolver(...addresses)).lookup(port);
  return new Promise(resolve => {
    lookup(host, { all: true }, (error, found) => {
      if (error) resolve(error.message);
      else resolve((found as { address: string }[]).map(({ address }) => address));
    });
  });
}

describe('an address as such', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'broadcast'],
    ['::ffff:10.0.0.1', 'IPv4 in IPv6'],
    ['::ffff:7f00:1', 'IPv4 in IPv6'],
    ['::127.0.0.1', 'IPv4 in IPv6'],
    ['64:ff9b::a9fe:a9fe', 'IPv4 in IPv6'],
    ['64:ff9b:1::a9fe:a9fe', 'IPv4 in IPv6'],
    ['2002:7f00:1::', 'IPv4 in IPv6'],
    ['2001:0:1::1', 'IPv4 in IPv6'],
    ['not an address', 'unknown'],
    ['10.0.0.1', undefined],
    ['172.16.0.1', undefined],
    ['192.168.1.1', undefined],
    ['100.64.0.1', undefined],
    ['8.8.8.8', undefined],
    ['fd12:3456::1', undefined],
    ['2606:4700::1', undefined],
  ])('%s: %s', (ip, expected) => {
    expect(refusedClass(ip)).toBe(expected);
  });

  it('is refused however it is written in a URL', () => {
    const spellings = fc.constantFrom(
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => [24, 16, 8, 0].map(shift => (n >>> shift) & 255).join('.'),
      (n: number) => `[::ffff:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}]`,
    );
    const loopback = fc.integer({ min: 0x7f000000, max: 0x7fffffff });
    fc.assert(
      fc.property(loopback, spellings, (number, spell) => {
        expect(() => guard(undefined).checkUrl(new URL(`http://${spell(number)}/`))).toThrow(QueryError);
      }),
    );
  });
});

describe('a URL', () => {
  it.each(['file:///etc/passwd', 'ftp://example.com/', 'gopher://127.0.0.1/', 'data:,x', 'unix:/var/run/docker.sock'])(
    'of another scheme is refused: %s',
    url => expect(() => guard(undefined).checkUrl(new URL(url))).toThrow('only http and https'),
  );

  it('passes with a public or private address, or a name, which is judged when it is resolved', () => {
    for (const url of [
      'http://10.0.0.1:9090/',
      'https://[fd12::1]/',
      'http://localhost/',
      'http://metadata.google.internal/',
    ]) {
      expect(() => guard(undefined).checkUrl(new URL(url))).not.toThrow();
    }
  });

  it('may be loopback when that is allowed, for the port that is allowed', () => {
    expect(() => guard('127.0.0.1:9090').checkUrl(new URL('http://127.0.0.1:9090/'))).not.toThrow();
    expect(() => guard('127.0.0.1:9090').checkUrl(new URL('http://127.0.0.1:9091/'))).toThrow('not in ANALYSIS_ALLOW');
    expect(() => guard('[::1]').checkUrl(new URL('http://[::1]:80/'))).not.toThrow();
  });
});

describe('a name', () => {
  it('gives the addresses that may be called, and only those', async () => {
    expect(await resolved('prometheus', 80, ['10.0.0.1', '127.0.0.1', 'fd12::1'])).toEqual(['10.0.0.1', 'fd12::1']);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['::ffff:169.254.169.254', 'IPv4 in IPv6'],
  ])('that leads to %s is refused', async (ip, name) => {
    expect(await resolved('inside.example', 80, [ip])).toBe(`inside.example leads to a ${name} address: not called`);
  });

  it('has to be allowed when there is a list, by name or by what it resolves to', async () => {
    const allowed = 'prometheus.monitoring:9090, *.example.com, 10.0.0.0/8';
    expect(await resolved('prometheus.monitoring', 9090, ['192.168.0.1'], allowed)).toEqual(['192.168.0.1']);
    expect(await resolved('Prometheus.Monitoring.', 9090, ['192.168.0.1'], allowed)).toEqual(['192.168.0.1']);
    expect(await resolved('prometheus.monitoring', 80, ['192.168.0.1'], allowed)).toContain('is not in ANALYSIS_ALLOW');
    expect(await resolved('api.example.com', 443, ['1.2.3.4'], allowed)).toEqual(['1.2.3.4']);
    expect(await resolved('elsewhere', 443, ['10.9.9.9', '1.2.3.4'], allowed)).toEqual(['10.9.9.9']);
  });

  it('opens loopback when it is listed itself, nothing else that is refused, and a pattern neither', async () => {
    expect(await resolved('localhost', 80, ['127.0.0.1'], 'localhost')).toEqual(['127.0.0.1']);
    expect(await resolved('metadata', 80, ['169.254.169.254'], 'metadata')).toContain('link-local');
    expect(await resolved('a.example.com', 80, ['127.0.0.1'], '*.example.com')).toContain('loopback');
    expect(await resolved('metadata', 80, ['169.254.169.254'], '169.254.169.254')).toEqual(['169.254.169.254']);
  });

  it('passes a failure of the resolver on', async () => {
    const failing = ((_: string, __: object, done: (error: Error, found: object[]) => void) =>
      done(new Error('ENOTFOUND'), [])) as Resolver;
    const outcome = await new Promise(resolve => guard(undefined, failing).lookup(80)('x', {}, resolve));
    expect(outcome).toEqual(new Error('ENOTFOUND'));
  });

  it('gives one address where only one is wanted', async () => {
    const lookup = guard(undefined, resolver('127.0.0.1', '10.0.0.1')).lookup(80);
    const answer = await new Promise(resolve => lookup('x', {}, (...all) => resolve(all)));
    expect(answer).toEqual([null, '10.0.0.1', 4]);
  });
});
