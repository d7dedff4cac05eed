import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/json.js';
import { cut, shortMessage, shortValue } from './shorten.js';

const deep = (depth: number): Json => (depth === 0 ? 'end' : [deep(depth - 1)]);

describe('a value in status', () => {
  it.each<[string, Json, string]>([
    ['a number', 0.25, '0.25'],
    ['no number', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a text', 'ok', '"ok"'],
    ['null', null, 'null'],
    ['a truth value', true, 'true'],
    ['a list of numbers', [1, Number.NaN, 2], '[1,"NaN",2]'],
    ['an object', { a: 1, b: { c: null } }, '{"a":1,"b":{"c":null}}'],
    ['three levels', deep(3), '[[["end"]]]'],
    ['four levels', deep(4), '[[["…"]]]'],
    ['no list within three levels', { a: { b: { c: {} } } }, '{"a":{"b":{"c":"…"}}}'],
  ])('%s', (_, value, shown) => {
    expect(shortValue(value)).toBe(shown);
  });

  it('ends after 120 characters, with a mark', () => {
    const shown = shortValue('x'.repeat(500));
    expect(shown).toBe(`"${'x'.repeat(117)}…`);
    expect(shortValue('x'.repeat(118))).toBe(`"${'x'.repeat(118)}"`);
  });

  /** Counts what is read of a value. */
  function counting(value: Json[]): [Json, () => number] {
    let read = 0;
    const watched = new Proxy(value, {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key)) read++;
        return Reflect.get(target, key, receiver);
      },
    });
    return [watched, () => read];
  }

  it('of a long list reads the first 60 items only', () => {
    const [list, read] = counting(Array(100_000).fill(1));
    expect(shortValue(list)).toBe(`${'[1'.padEnd(118, ',1').slice(0, 118)}…`);
    expect(read()).toBe(60);
  });

  it('of a large object shows its first 30 fields only, with the beginning of their names', () => {
    const letters = Array.from({ length: 31 }, (_, index) => String.fromCharCode(65 + index));
    const shown = shortValue(Object.fromEntries(letters.map(letter => [letter, ''])));
    expect(shown).toBe(`${`{${letters.map(letter => `"${letter}":""`).join(',')}`.slice(0, 118)}…`);
    expect(shortValue({ ['n'.repeat(500)]: 1 })).toBe(`{"${'n'.repeat(116)}…`);
  });
});

describe('a message in status', () => {
  it.each([
    ['is one line', 'a\r\n\tb\u0000\u0085c', 'a b c'],
    ['has no spaces around it', '  a  b \n', 'a b'],
    ['of 240 characters is whole', 'm'.repeat(240), 'm'.repeat(240)],
    ['of more is cut', 'm'.repeat(241), `${'m'.repeat(238)}…`],
  ])('%s', (_, message, shown) => {
    expect(shortMessage(message)).toBe(shown);
  });
});

describe('a text is cut', () => {
  it.each([
    ['not at its length', 'abcd', 4, 'abcd'],
    ['with a mark in its place', 'abcdef', 4, 'ab…'],
    ['without half a character', 'ab😀😀', 4, 'a…'],
    ['to the mark alone', 'abc', 1, '…'],
  ])('%s', (_, text, length, shown) => {
    expect(cut(text, length)).toBe(shown);
  });
});
