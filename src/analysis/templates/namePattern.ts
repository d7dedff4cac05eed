/**
 * Metric names in dryRun and measurementRetention: Argo Rollouts accepts a regular expression that may match anywhere in
 * the name, or `*`. Here it is a subset: plain characters, `.`, `.*`, `.+`, `^`, `$` and `|`, and no more than three
 * wildcards in each alternative. It is matched in time proportional to pattern and name, which backtracking is not.
 */
import { escapeRegex } from '../../schema/regex.js';

const MAX_WILDCARDS = 3;

const alternative = /^\^?(?:[\w /:@-]|\\[.\-$^|*+]|\.[*+]?)*\$?$/;

/** undefined for an unsupported pattern. */
export function namePattern(text: string): ((name: string) => boolean) | undefined {
  if (text === '*') return () => true;
  const alternatives = text.split('|');
  if (!alternatives.every(isSimple)) return undefined;
  const patterns = alternatives.map(patternOf);
  return name => patterns.some(pattern => matches(pattern, name));
}

function isSimple(text: string): boolean {
  return alternative.test(text) && (text.match(/\.[*+]/g) ?? []).length <= MAX_WILDCARDS;
}

/** A part of fixed length: the characters of a name that it can be, found anywhere. */
interface Segment {
  readonly length: number;
  readonly pattern: RegExp;
}

interface Pattern {
  readonly fromStart: boolean;
  readonly toEnd: boolean;
  /** Anything may be between them. */
  readonly segments: readonly Segment[];
}

function patternOf(text: string): Pattern {
  const fromStart = text.startsWith('^');
  const toEnd = /(?<!\\)\$$/.test(text);
  const atoms = text.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined).match(/\\.|\.[*+]?|./g) ?? [];
  const segments: string[][] = [[]];
  for (const atom of atoms) {
    if (atom !== '.*') segments.at(-1)?.push(atom === '.' || atom === '.+' ? '.' : escapeRegex(atom.slice(-1)));
    if (atom === '.*' || atom === '.+') segments.push([]);
  }
  return { fromStart, toEnd, segments: segments.map(segmentOf) };
}

function segmentOf(characters: readonly string[]): Segment {
  return { length: characters.length, pattern: new RegExp(characters.join(''), 'gs') };
}

/** The first place for each segment leaves the most to the following ones. */
function matches({ fromStart, toEnd, segments }: Pattern, name: string): boolean {
  let from = 0;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const end = name.length - segment.length;
    const first = toEnd && isLast ? Math.max(from, end) : from;
    const last = fromStart && index === 0 ? Math.min(from, end) : end;
    const found = firstPlace(segment, name, first, last);
    if (found === undefined) return false;
    from = found + segment.length;
  }
  return true;
}

function firstPlace({ pattern }: Segment, name: string, first: number, last: number): number | undefined {
  if (first > last) return undefined;
  pattern.lastIndex = first;
  const found = pattern.exec(name)?.index;
  return found !== undefined && found <= last ? found : undefined;
}
