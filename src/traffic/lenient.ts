/**
 * Reading of objects that anyone may have written: route objects are custom resources, so nothing about their shape is
 * certain. What has another type than expected reads as absent.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** An object without fields where there is none. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The items that are objects. */
export function objects(value: unknown): readonly Fields[] {
  return items(value).filter(isFields);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const MAX_WEIGHT = 1e9;

/** A weight: a number, or digits in a string; anything else, what is below 0 and what is too large is undefined. */
export function weightOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= MAX_WEIGHT ? number : undefined;
}
