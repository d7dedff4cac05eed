/**
 * JSONPaths (RFC 9535) of strangers, of a form whose cost is bounded: each value is visited at most once per term of the path.
 * Not of that form are a second `..`, which finds values twice, several selectors in one pair of brackets likewise,
 * functions, of which two take regular expressions, and filters within filters or over more than one value.
 */
import { query } from 'jsonpath-rfc9535';
import parse, { type JsonPathQuery } from 'jsonpath-rfc9535/parser';
import { hasMoreValues, type Json } from './json.js';

/** Values times terms: a few milliseconds. */
const MAX_VISITS = 50_000;

type Segment = JsonPathQuery['segments'][number];
type Selector = Extract<Segment['node'], { type: 'BracketedSelection' }>['selectors'][number];
type Condition = Extract<Selector, { type: 'FilterSelector' }>['value'];
type Compared = Extract<Condition, { type: 'ComparisonExpr' }>['left'];

export type PathRead =
  | { readonly ok: true; readonly path: BoundedPath }
  /** What is wrong, to follow the name of the path: `is not a JSONPath`. */
  | { readonly ok: false; readonly problem: string };

export interface BoundedPath {
  /** What it finds; undefined in a value that is too large or too deep to be searched. */
  select(value: Json): readonly Json[] | undefined;
}

export function readPath(written: string): PathRead {
  const parsed = parseOrUndefined(written);
  if (parsed === undefined) return { ok: false, problem: 'is not a JSONPath' };
  const problem = unbounded(parsed.segments);
  if (problem !== undefined) return { ok: false, problem };
  const visits = visitsOf(parsed.segments, written);
  const select = (value: Json) => {
    if (visits > 0 && hasMoreValues(value, MAX_VISITS / visits)) return undefined;
    try {
      return query(value as Parameters<typeof query>[0], written) as readonly Json[];
    } catch {
      // Nested too deeply for its recursion.
      return undefined;
    }
  };
  return { ok: true, path: { select } };
}

/** How often each value is visited at most: fields and indexes find one value, and `*` each value once. */
function visitsOf(segments: readonly Segment[], written: string): number {
  if (segments.every(isOneField)) return 0;
  if (segments.every(segment => isOneField(segment) || isEveryChild(segment))) return 1;
  return written.split(/[.[&|]/).length;
}

function isEveryChild({ type, node }: Segment): boolean {
  if (type === 'DescendantSegment' || node.type === 'MemberNameShorthand') return false;
  return node.type === 'WildcardSelector' || node.selectors.every(({ type: of }) => of === 'WildcardSelector');
}

function parseOrUndefined(written: string): JsonPathQuery | undefined {
  try {
    return parse(written);
  } catch {
    // Its message has the text, and a nesting too deep for it is no JSONPath either.
    return undefined;
  }
}

function unbounded(segments: readonly Segment[]): string | undefined {
  if (segments.filter(({ type }) => type === 'DescendantSegment').length > 1) return 'has .. twice';
  const brackets = segments.flatMap(({ node }) => (node.type === 'BracketedSelection' ? [node.selectors] : []));
  if (brackets.some(({ length }) => length > 1)) return 'has several selectors in one pair of brackets';
  const filters = brackets.flat().flatMap(selector => (selector.type === 'FilterSelector' ? [selector.value] : []));
  if (filters.every(isBounded)) return undefined;
  return "has a filter that does more than compare fields with constants, such as ?@.name=='x'";
}

function isBounded(condition: Condition): boolean {
  switch (condition.type) {
    case 'LogicalAndExpr':
    case 'LogicalOrExpr':
      return isBounded(condition.left) && isBounded(condition.right);
    case 'LogicalNotExpr':
      return isBounded(condition.expression);
    case 'ComparisonExpr':
      return isComparison(condition.left, condition.right);
    case 'TestExpr':
      return condition.expression.type === 'FilterQuery' && isField(condition.expression.value);
  }
}

function isComparison(left: Compared, right: Compared): boolean {
  const sides = [left.type, right.type].sort();
  return sides[0] === 'Literal' && (sides[1] === 'RelSingularQuery' || sides[1] === 'Literal');
}

/** A field of the value that is filtered: no more than one can be found. */
function isField({ type, segments }: { readonly type: string; readonly segments: readonly Segment[] }): boolean {
  return type === 'RelQuery' && segments.every(isOneField);
}

function isOneField({ type, node }: Segment): boolean {
  if (type === 'DescendantSegment' || node.type === 'WildcardSelector') return false;
  if (node.type === 'MemberNameShorthand') return true;
  return (
    node.selectors.length === 1 &&
    node.selectors.every(({ type: of }) => of === 'NameSelector' || of === 'IndexSelector')
  );
}
