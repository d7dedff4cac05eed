import { describe, expect, it } from 'vitest';
import { bothMatch, narrowedMatches } from './routeMatch.js';
import type { ManagedRoute } from './router.js';

const startsWith = (prefix: string, text: string) => text.startsWith(prefix);

describe('bothMatch', () => {
  it.each([
    ['nothing and nothing', undefined, undefined, undefined],
    ['nothing leaves the choice to the other', undefined, { regex: 'a' }, { regex: 'a' }],
    ['and the other way round', { prefix: 'a' }, undefined, { prefix: 'a' }],
    ['the same text', { exact: 'a' }, { exact: 'a' }, { exact: 'a' }],
    ['different texts', { exact: 'a' }, { exact: 'b' }, 'none'],
    ['a text within a prefix', { exact: 'ab' }, { prefix: 'a' }, { exact: 'ab' }],
    ['a prefix around a text', { prefix: 'a' }, { exact: 'ab' }, { exact: 'ab' }],
    ['a text outside a prefix', { exact: 'b' }, { prefix: 'a' }, 'none'],
    ['the longer of two prefixes', { prefix: 'ab' }, { prefix: 'a' }, { prefix: 'ab' }],
    ['and the other way round', { prefix: 'a' }, { prefix: 'ab' }, { prefix: 'ab' }],
    ['prefixes that exclude each other', { prefix: 'a' }, { prefix: 'b' }, 'none'],
    ['the same regular expression', { regex: 'a.*' }, { regex: 'a.*' }, { regex: 'a.*' }],
    ['different regular expressions', { regex: 'a' }, { regex: 'b' }, 'none'],
    ['a regular expression and a text', { regex: 'a' }, { exact: 'a' }, 'none'],
    ['a text and a regular expression', { exact: 'a' }, { regex: 'a' }, 'none'],
    ['nothing written', {}, { prefix: 'a' }, 'none'],
    ['nothing written on either side', {}, {}, 'none'],
  ])('%s', (_, a, b, both) => {
    expect(bothMatch(a, b, startsWith)).toEqual(both);
  });
});

describe('narrowedMatches', () => {
  const header: ManagedRoute = {
    action: 'setHeaderRoute',
    name: 'testers',
    match: [
      { headerName: 'a', headerValue: { exact: '1' } },
      { headerName: 'b', headerValue: { prefix: '2' } },
    ],
  };
  const mirror: ManagedRoute = {
    action: 'setMirrorRoute',
    name: 'shadow',
    percentage: 10,
    match: [
      { method: { exact: 'GET' }, path: { prefix: '/' } },
      { path: { prefix: '/a' }, headers: { h: { exact: '1' } } },
    ],
  };

  it('asks for all headers of a header route at once', () => {
    expect(narrowedMatches(undefined, header, (own, wanted) => ({ own, wanted }))).toEqual([
      {
        own: {},
        wanted: {
          headers: [
            ['a', { exact: '1' }],
            ['b', { prefix: '2' }],
          ],
        },
      },
    ]);
  });

  it('takes any of the matches of a mirror; the prefix of all paths asks for nothing', () => {
    expect(narrowedMatches([], mirror, (_, wanted) => ({ ...wanted }))).toEqual([
      { method: { exact: 'GET' }, path: undefined, headers: [] },
      { method: undefined, path: { prefix: '/a' }, headers: [['h', { exact: '1' }]] },
    ]);
  });

  it('narrows each match of the user by each, and leaves out those that exclude each other', () => {
    const found = narrowedMatches([{ uri: 'x' }, { uri: 'y' }], mirror, ({ uri }, { path }) =>
      uri === 'x' && path !== undefined ? undefined : { uri, path },
    );
    expect(found).toEqual([
      { uri: 'x', path: undefined },
      { uri: 'y', path: undefined },
      { uri: 'y', path: { prefix: '/a' } },
    ]);
  });
});
