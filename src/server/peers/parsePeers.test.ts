import { describe, expect, it } from 'vitest';
import { parsePeers } from './parsePeers.js';

describe('parsePeers', () => {
  it.each([
    ['hook-peers', [{ host: 'hook-peers' }]],
    ['Hook-Peers.ns.svc.', [{ host: 'hook-peers.ns.svc' }]],
    ['hook-peers:8080', [{ host: 'hook-peers', port: 8080 }]],
    ['10.0.0.1:80, 10.0.0.2\n', [{ host: '10.0.0.1', port: 80 }, { host: '10.0.0.2' }]],
    ['[fd00::1]:443,[fd00::2]', [{ host: 'fd00::1', port: 443 }, { host: 'fd00::2' }]],
  ])('%s', (text, hosts) => {
    expect(parsePeers(text)).toEqual(hosts);
  });

  it.each([
    ['a:0', '"a:0" is not a host with or without :port'],
    ['a:65536', '"a:65536" is not'],
    ['http://a', '"http://a" is not'],
    ['user@a', '"user@a" is not'],
    ['a/path', '"a/path" is not'],
    ['fd00::1', '"fd00::1" is not'],
    ['[a]', '"[a]" is not'],
    ['ok,-a', '"-a" is not'],
    [' , ', 'it contains no host'],
  ])('refuses %s', (text, problem) => {
    expect(() => parsePeers(text)).toThrow(problem);
  });
});
