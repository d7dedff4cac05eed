import { describe, expect, it } from 'vitest';
import { isAuthorized, parseTokens } from './tokens.js';

describe('parseTokens', () => {
  it.each([
    ['one', ['one']],
    ['one,two', ['one', 'two']],
    [' one \n\ntwo\r\n', ['one', 'two']],
  ])('%j', (text, tokens) => {
    expect(parseTokens(text)).toEqual(tokens);
  });

  it.each(['', ' \n,', 'with blank', 'ümlaut'])('refuses %j', text => {
    expect(() => parseTokens(text)).toThrow();
  });
});

describe('isAuthorized', () => {
  it.each([
    ['Bearer one', true],
    ['bearer two', true],
    ['Bearer  one ', true],
    ['Bearer three', false],
    ['Bearer on', false],
    ['Bearer onee', false],
    ['Bearer', false],
    ['Bearer ', false],
    ['Basic one', false],
    ['one', false],
    ['Bearer one two', false],
    [undefined, false],
  ])('%j: %s', (header, expected) => {
    expect(isAuthorized(header, ['one', 'two'])).toBe(expected);
  });
});
