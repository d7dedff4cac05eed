import { closestMatch } from 'leven';

const LONGEST_WORD = 64;

/** The end of a word says what was meant when it is at least this long. */
const SHORTEST_END = 4;

/** The known word that was most likely meant: about a third of it may be wrong, or it ends so. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const lower = word.toLowerCase();
  const candidates = known.map(candidate => candidate.toLowerCase());
  const closest = closestMatch(lower, candidates, { maxDistance: Math.max(1, Math.round(word.length / 3)) });
  if (closest !== undefined) return known[candidates.indexOf(closest)];
  if (lower.length < SHORTEST_END) return undefined;
  return known[candidates.findIndex(candidate => candidate.endsWith(lower))];
}

const LISTED = 12;

/** The remedy for an unknown word: what was meant, or what there is. */
export function suggest(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  if (known.length === 0) return 'remove it';
  return known.length <= LISTED ? `use one of ${[...known].sort().join(', ')}` : 'remove it or fix its name';
}
