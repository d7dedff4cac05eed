import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { anyObject, essential, instantText, list, openShape } from '../schema/schema.js';
import { understood } from './understood.js';

const description = 'x';
const entry = openShape({ name: Type.String(), note: Type.Optional(Type.String()) }, { description });
const read = understood(
  openShape(
    {
      id: Type.String(),
      note: Type.Optional(Type.String()),
      at: Type.Optional(instantText({ description })),
      count: Type.Optional(essential(Type.Number())),
      'a/b~c': Type.Optional(Type.String()),
      inner: Type.Optional(entry),
      entries: Type.Optional(list(entry, { description })),
      all: Type.Optional(list(essential(entry), { description })),
      pinned: Type.Optional(essential(list(anyObject({ description }), { description }))),
    },
    { description },
  ),
);

describe('understood', () => {
  it('hands on what fits as it is', () => {
    const fitting = { id: 'a', count: 1, at: '2026-01-01T00:00:00Z', inner: { name: 'b' }, entries: [{ name: 'c' }] };
    expect(read(fitting)).toBe(fitting);
  });

  it.each([
    ['a field beside the schema is kept', { id: 'a', other: [1], note: 1 }, { id: 'a', other: [1] }],
    ['an optional field is left out', { note: 1, id: 'a' }, { id: 'a' }],
    ['a time that is none is left out', { id: 'a', at: '2026-13-01T00:00:00Z' }, { id: 'a' }],
    ['with a name that needs escaping too', { id: 'a', 'a/b~c': 1 }, { id: 'a' }],
    ['a field inside of a field', { id: 'a', inner: { name: 'b', note: 1 } }, { id: 'a', inner: { name: 'b' } }],
    ['what lacks a required field', { id: 'a', inner: { note: 'b' } }, { id: 'a' }],
    ['what has a required field that does not fit', { id: 'a', inner: { name: 1 } }, { id: 'a' }],
    [
      'an entry of a list',
      { id: 'a', entries: [{ name: 'b' }, { name: 1 }, 2] },
      { id: 'a', entries: [{ name: 'b' }] },
    ],
    [
      'a field of an entry, and nothing of the next',
      {
        id: 'a',
        entries: [
          { name: 'b', note: 1 },
          { name: 'c', note: 'd' },
        ],
      },
      { id: 'a', entries: [{ name: 'b' }, { name: 'c', note: 'd' }] },
    ],
    ['every entry', { id: 'a', entries: [1] }, { id: 'a', entries: [] }],
    ['a list of essential entries', { id: 'a', all: [{ name: 'b' }, { name: 1 }] }, { id: 'a' }],
    [
      'and only a field of an essential entry',
      { id: 'a', all: [{ name: 'b', note: 1 }] },
      { id: 'a', all: [{ name: 'b' }] },
    ],
    ['several at once', { id: 'a', note: 1, at: 2, inner: 3 }, { id: 'a' }],
    ['an undefined field', { id: 'a', note: undefined, at: 2 }, { id: 'a' }],
  ])('leaves out as little as possible: %s', (_, value, expected) => {
    expect(read(value)).toStrictEqual(expected);
  });

  it.each([
    ['a required field does not fit', { id: 1 }],
    ['a required field is missing', {}],
    ['an essential field does not fit', { id: 'a', count: '1' }],
    ['an essential list does not fit', { id: 'a', pinned: {} }],
    ['it is no object', []],
    ['it is nothing', undefined],
    ['it is null', null],
  ])('nothing remains where %s', (_, value) => {
    expect(read(value)).toBeUndefined();
  });

  it('changes nothing in what it was given', () => {
    const given = { id: 'a', entries: [{ name: 'b', note: 1 }] };
    read(given);
    expect(given).toEqual({ id: 'a', entries: [{ name: 'b', note: 1 }] });
  });
});
