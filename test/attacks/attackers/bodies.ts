/** Responses that take long to read, each just below the limit of 1 MiB. */
const MIB = 1024 * 1024;

/** `count` times the unit between the ends. */
function filled(start: string, unit: string, end: string, bytes = MIB): string {
  return start + unit.repeat(Math.floor((bytes - start.length - end.length) / unit.length)) + end;
}

const DEEP = Math.floor(MIB / 2) - 1;

/** By the path under which the hostile server has them. */
export const BODIES: Readonly<Record<string, string>> = {
  'empty-lists': filled('[', '[],', '[]]'),
  'empty-objects': filled('[', '{},', '{}]'),
  'deep-lists': '['.repeat(DEEP) + ']'.repeat(DEEP),
  'deep-objects': `${'{"a":'.repeat(MIB / 8)}1${'}'.repeat(MIB / 8)}`,
  escapes: filled('"', '\\u0041', '"'),
  quotes: filled('"', '\\"', '"'),
  'long-text': filled('"', 'a', '"'),
  numbers: filled('[', '1,', '1]'),
  fractions: filled('[', '1.7976931348623157e308,', '1]'),
  names: `{${Array.from({ length: 80_000 }, (_, index) => `"f${index}":1`).join(',')}}`,
  // As many values as are read at most, and as conditions see.
  'most-values': `[${Array.from({ length: 49_000 }, (_, index) => index).join(',')}]`,
  'most-judged': `[${Array(19_990).fill('1').join(',')}]`,
  'most-texts': `[${Array(9990).fill('"aaaaaaaa"').join(',')}]`,
  records: `{"all":[${Array(8000).fill('{"name":"a","value":1}').join(',')}]}`,
};
