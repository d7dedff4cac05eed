import { describe, expect, it } from 'vitest';
import { type AllowList, parseAllowList } from './allowList.js';

function list(text: string): AllowList {
  const parsed = parseAllowList(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.list;
}

describe('names', () => {
  it.each([
    ['prometheus.monitoring', 'prometheus.monitoring', 9090, 'exact'],
    ['prometheus.monitoring', 'prometheus.monitoring.evil.example', 9090, 'none'],
    ['prometheus.monitoring:9090', 'prometheus.monitoring', 9090, 'exact'],
    ['prometheus.monitoring:9090', 'prometheus.monitoring', 22, 'none'],
    ['*.example.com', 'api.example.com', 443, 'pattern'],
    ['*.example.com', 'a.b.example.com', 443, 'pattern'],
    ['*.example.com', 'example.com', 443, 'none'],
    ['*.example.com', 'notexample.com', 443, 'none'],
    ['*.example.com:8443', 'api.example.com', 443, 'none'],
    ['*.example.com, API.example.com', 'api.example.com', 443, 'exact'],
    ['10.0.0.0/8', '10.1.2.3', 80, 'none'],
    ['', 'prometheus.monitoring', 80, 'none'],
  ])('%j and %s:%i: %s', (text, host, port, expected) => {
    expect(list(text).name(host, port)).toBe(expected);
  });
});

describe('addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', 80, true],
    ['10.0.0.0/8', '11.0.0.1', 80, false],
    ['10.0.0.0/8:9090', '10.0.0.1', 9090, true],
    ['10.0.0.0/8:9090', '10.0.0.1', 9091, false],
    ['127.0.0.1', '127.0.0.1', 80, true],
    ['127.0.0.1', '127.0.0.2', 80, false],
    ['127.0.0.0/8', '::ffff:127.0.0.1', 80, false],
    ['::1', '::1', 80, true],
    ['[::1]:9090', '::1', 9090, true],
    ['[::1]:9090', '::1', 80, false],
    ['fd00::/8\nfe80::/10', 'fd12::1', 80, true],
    ['prometheus.monitoring', '10.0.0.1', 80, false],
  ])('%j and %s port %i: %s', (text, ip, port, expected) => {
    expect(list(text).address(ip, port)).toBe(expected);
  });
});

it.each([
  'http://prometheus',
  'a b/c',
  '10.0.0.0/33',
  '10.0.0.0/',
  '::1/129',
  'host:0',
  'host:65536',
  '*',
  'a.*.b',
  'host:',
  '[::1',
])('refuses %j', text => {
  expect(parseAllowList(text)).toMatchObject({ ok: false, problem: expect.stringContaining('is not a host') });
});
