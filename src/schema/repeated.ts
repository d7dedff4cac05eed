/** The first value that stands in the list before; undefined if none does. In linear time: authors write long lists. */
export function firstRepeated<Value extends {}>(values: readonly (Value | undefined)[]): Value | undefined {
  const seen = new Set<Value>();
  for (const value of values) {
    if (value === undefined) continue;
    if (seen.has(value)) return value;
    seen.add(value);
  }
  return undefined;
}
