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
    exact: Type.Optional(text({ description: 'The whole text.' })),
    prefix: Type.Optional(text({ description: 'How the text begins.' })),
    regex: Type.Optional(text({ description: 'A regular expression that the whole text matches.' })),
  },
  { description: 'How a text is matched: exactly one of exact, prefix and regex.' },
);

export function checkStringMatch(match: Static<typeof StringMatchSchema>, place: Place): void {
  const written = Object.keys(match).length;
  if (written === 1) return;
  place.refuse(
    written === 0 ? 'nothing to match is written' : 'more than one way to match is written',
    'write exactly one of exact, prefix and regex',
  );
}
