import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCsv } from './csv.js';

it.each([
  ['a,b', [['a', 'b']]],
  [',,a,', [['', '', 'a', '']]],
  ['"a, ""b""",c', [['a, "b"', 'c']]],
  ['"two\nlines",x\r\ny', [['two\nlines', 'x'], ['y']]],
  ['a\r\n\r\nb', [['a'], [], ['b']]],
])('%j', (text, expected) => {
  expect(parseCsv(text)).toEqual(expected);
});

it('reads back what is written', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'é') });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.array(field, { minLength: 1 }), { minLength: 1 }), records => {
      expect(parseCsv(records.map(record => record.map(quoted).join(',')).join('\r\n'))).toEqual(records);
    }),
  );
});
