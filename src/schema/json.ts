/**
 * JSON, and how to read it when anyone may have written it: nothing about the shape of a custom resource, an answer or
 * a status is certain. What has another type than expected reads as absent.
 */

/** A JSON value as Kubernetes sends it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

/** An object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Narrows a JSON value to an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Array.isArray does not narrow a readonly array out of a union. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object without fields where there is none. */
export function fields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The items that are objects. */
export function objects(value: unknown): readonly Fields[] {
  return items(value).filter(isObject);
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The same fields without those that are undefined: JSON has no such value. */
export type Present<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The fields that have a value, in their order. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** Whether it consists of more values than `most`, itself among them. Takes no longer than to count so many. */
export function hasMoreValues(value: Json, most: number): boolean {
  const waiting: (Json | undefined)[] = [value];
  for (let left = most; waiting.length > 0; left--) {
    const next = waiting.pop();
    const room = left - waiting.length;
    if (room <= 0 || (isList(next) && next.length > room)) return true;
    if (typeof next === 'object' && next !== null) {
      const inner: readonly (Json | undefined)[] = Object.values(next);
      if (inner.length > room) return true;
      waiting.push(...inner);
    }
  }
  return false;
}

/** Whether the text of a JSON value could have more values than `most`: what stands between them in strings counts too. */
export function couldHaveMoreValues(text: string, most: number): boolean {
  let left = most;
  for (let at = 0; at < text.length && left >= 0; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) left -= 1;
  }
  return left < 0;
}

const COMMA = 44;
const BRACKET = 91;
const BRACE = 123;
