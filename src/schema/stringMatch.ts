import { Type } from 'typebox';
import type { Place } from './place.js';
import { type Static, shape, text } from './schema.js';

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export const StringMatchSchema = shape(
  {
    exact: Type.Optional(text({ description: 'Exact value.' })),
    prefix: Type.Optional(text({ description: 'Prefix of the value.' })),
    regex: Type.Optional(text({ description: 'Regular expression that must match the whole value.' })),
  },
  {
    description: 'How to match the value: exactly one of exact, prefix and regex.',
    rules: [
      {
        rule: '[has(self.exact), has(self.prefix), has(self.regex)].filter(x, x).size() == 1',
        message: 'exactly one of exact, prefix and regex is required',
      },
    ],
  },
);

export function checkStringMatch(match: Static<typeof StringMatchSchema>, place: Place): void {
  const written = Object.keys(match).length;
  if (written === 1) return;
  place.refuse(
    written === 0 ? 'no match is set' : 'exact, prefix and regex are mutually exclusive',
    'set exactly one of exact, prefix and regex',
  );
}
