import type { TSchema } from 'typebox';
import { checker } from '../schema/checker.js';
import { ESSENTIAL } from '../schema/schema.js';
import type { Stored } from './fields.js';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly [ESSENTIAL]?: true;
}

/** Path of a value that does not conform. */
type Path = readonly string[];

/**
 * Reads status leniently: it can be stale, from a newer version, or edited by hand. Parts that do not conform to the
 * schema are omitted, as little as possible: an optional field, an item of a list. If that part is essential or required,
 * its parent is omitted instead; undefined if nothing remains. Unknown fields are kept.
 */
export function understood<S extends TSchema>(schema: S): (value: unknown) => Stored<S> | undefined {
  const check = checker(schema);
  return value => {
    const misfits = check(value).map(({ instancePath }) => pathOf(instancePath));
    return fitting(schema as Node, value, misfits) as Stored<S> | undefined;
  };
}

function fitting(schema: Node, value: unknown, misfits: readonly Path[]): unknown {
  if (misfits.length === 0) return value;
  if (misfits.some(path => path.length === 0)) return undefined;
  return Array.isArray(value) ? fittingItems(schema, value, misfits) : fittingFields(schema, value as object, misfits);
}

function fittingItems({ items = {} }: Node, values: readonly unknown[], misfits: readonly Path[]): unknown {
  const paths = byKey(misfits);
  const fit = values.map((value, index) => fitting(items, value, paths.get(String(index)) ?? []));
  const kept = fit.filter(value => value !== undefined);
  return kept.length < values.length && items[ESSENTIAL] ? undefined : kept;
}

function fittingFields({ properties = {}, required = [] }: Node, value: object, misfits: readonly Path[]): unknown {
  const paths = byKey(misfits);
  const fields = Object.entries(value).map(
    ([key, field]) => [key, fitting(properties[key] ?? {}, field, paths.get(key) ?? [])] as const,
  );
  const gone = fields.filter(([key, field]) => field === undefined && paths.has(key));
  const needed = gone.some(([key]) => required.includes(key) || properties[key]?.[ESSENTIAL]);
  return needed ? undefined : Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** The rest of every path, by its first key. */
function byKey(paths: readonly Path[]): ReadonlyMap<string, readonly Path[]> {
  const rest = new Map<string, Path[]>();
  for (const [key = '', ...after] of paths) {
    const before = rest.get(key);
    if (before === undefined) rest.set(key, [after]);
    else before.push(after);
  }
  return rest;
}

/** Keys of a JSON pointer. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
