/** Values in a URL: its parts stay the same, each value is a part or inside one. */
import { toUSVString } from 'node:util';
import { besideText, data } from './plain.js';
import { type InsertRule, inserted, type RefusedValue } from './rule.js';
import { type HoledText, isWhole } from './template.js';

type Part = 'base' | 'scheme' | 'authority' | 'path' | 'query' | 'fragment';

/** Stands for a value in what precedes a later one. */
const VALUE = 'x';

/** Values in one URL, which is read once for each. */
const MOST_VALUES = 50;

export const url: InsertRule = template => {
  if (isWhole(template)) return data(template);
  if (template.holes.length > MOST_VALUES) {
    return template.holes.map(() => ({ problem: `is in a URL with more than ${MOST_VALUES} arguments` }));
  }
  let before = '';
  return template.holes.map((hole, index) => {
    before += template.literals[index] ?? '';
    const around = { before, after: template.literals[index + 1] ?? '', rest: restOf(template, index) };
    before += VALUE;
    return inserted(hole, text => insertAt(text, around));
  });
};

interface Around {
  readonly before: string;
  /** Up to the next value. */
  readonly after: string;
  /** To the end, with what stands for the later values. */
  readonly rest: string;
}

function restOf({ literals }: HoledText, index: number): string {
  return literals.slice(index + 1).join(VALUE);
}

function insertAt(value: string, around: Around): string | RefusedValue {
  // The value could complete a percent-encoded character.
  if (/%[\da-f]?$/i.test(around.before)) return { problem: 'follows a %', instead: 'remove it' };
  const part = partOf(around);
  switch (part) {
    case 'scheme':
      return /^https?$/i.test(value) ? value : { problem: 'is not http or https' };
    case 'base':
      return base(value);
    case 'authority':
      return /^[^/?#]*@/.test(around.rest) ? encoded(value) : host(value, around);
    case 'path':
    case 'query':
    case 'fragment':
      return component(value, part, around);
    default:
      return part satisfies never;
  }
}

function partOf({ before, rest }: Around): Part {
  if (before === '' && rest.startsWith('://')) return 'scheme';
  if (before === '' && /^[/?#]/.test(rest)) return 'base';
  const [, behind = ''] = /^(?:[a-z][a-z\d+.-]*:\/\/)?[^/?#]*(.*)$/is.exec(before) ?? [];
  if (behind === '') return 'authority';
  if (behind.includes('#')) return 'fragment';
  return behind.includes('?') ? 'query' : 'path';
}

/** All that precedes a path. */
function base(value: string): string | RefusedValue {
  const isUrl = /^https?:\/\/[^\s?#\\]+$/i.test(value) && URL.canParse(value);
  return isUrl || HOST_AND_PORT.test(value)
    ? value
    : { problem: 'is not a URL without a query, to which the rest could be added' };
}

const HOST = '(?:[a-z\\d_](?:[a-z\\d_.-]*[a-z\\d_])?|\\[[\\da-f:.]+\\])';
const HOST_AND_PORT = new RegExp(`^${HOST}(?::\\d{1,5})?$`, 'i');

function host(value: string, { before, after }: Around): string | RefusedValue {
  const isAll = /(?:^|[/@])$/.test(before) && /^(?:[/?#]|$)/.test(after);
  const form = isAll ? HOST_AND_PORT : new RegExp(`^${HOST}$`, 'i');
  return form.test(value) ? value : { problem: 'is not the name of a host' };
}

const BEGINS = { path: /\/$/, query: /[?&=]$/, fragment: /#$/ } as const;
const ENDS = { path: /^(?:[/?#]|$)/, query: /^(?:[&=#]|$)/, fragment: /^$/ } as const;

/** A whole segment of the path, a whole parameter, or a piece of one. */
function component(value: string, part: keyof typeof BEGINS, { before, rest }: Around): string | RefusedValue {
  const begins = BEGINS[part].test(before);
  if (!begins || !ENDS[part].test(rest)) {
    const name = besideText(value);
    return typeof name === 'string' ? encoded(name) : name;
  }
  if (part === 'path' && /^\.{1,2}$/.test(value)) return { problem: 'is . or .., which is no name in a path' };
  if (part === 'query' && value === '' && !before.endsWith('=')) return { problem: 'is empty' };
  return encoded(value);
}

function encoded(value: string): string {
  return encodeURIComponent(toUSVString(value));
}
