import { durationSeconds } from '../schema/duration.js';
import type { Json, JsonObject } from '../schema/json.js';
import { isList, isObject } from '../schema/json.js';
import { QueryError } from './queryError.js';

/**
 * A provider's part of a metric, read by field. It was validated before its args were put in; what an arg made of it
 * is checked here. Messages name the field and never its value, which may be a secret.
 */
export class Fields {
  readonly #object: JsonObject;
  readonly #path: string;

  constructor(object: Json | undefined, path: string) {
    if (!isObject(object)) throw new QueryError('spec', `${path} is not an object`);
    this.#object = object;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined && this.#object[name] !== null;
  }

  json(name: string): Json | undefined {
    return this.#object[name];
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#fail(name, 'is missing');
  }

  /** Numbers are taken as well: YAML writes them so. An empty text counts as absent. */
  optionalText(name: string): string | undefined {
    const found = this.#object[name];
    if (typeof found === 'number') return String(found);
    if (typeof found === 'string') return found === '' ? undefined : found;
    return this.has(name) ? this.#fail(name, 'is not a text') : undefined;
  }

  texts(name: string): readonly string[] {
    const found = this.#object[name] ?? [];
    if (!isList(found) || !found.every(item => typeof item === 'string'))
      return this.#fail(name, 'is not a list of texts');
    return found as readonly string[];
  }

  flag(name: string): boolean {
    const found = this.#object[name];
    return found === true || found === 'true';
  }

  optionalNumber(name: string): number | undefined {
    const text = this.optionalText(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    return Number.isFinite(number) ? number : this.#fail(name, 'is not a number');
  }

  optionalSeconds(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    return durationSeconds(this.#object[name]) ?? this.#fail(name, 'is not a duration');
  }

  optionalObject(name: string): Fields | undefined {
    return this.has(name) ? new Fields(this.#object[name], `${this.#path}.${name}`) : undefined;
  }

  objects(name: string): readonly Fields[] {
    const found = this.#object[name] ?? [];
    if (!isList(found)) return this.#fail(name, 'is not a list');
    return found.map((item, index) => new Fields(item, `${this.#path}.${name}[${index}]`));
  }

  /** Entries of a map of texts. */
  entries(name: string): readonly (readonly [string, string])[] {
    const object = this.optionalObject(name);
    return object === undefined ? [] : Object.keys(object.#object).map(key => [key, object.text(key)] as const);
  }

  /** Address of an API: a path below an address that the user wrote, with or without a path of its own. */
  url(name: string, path: string, query: Readonly<Record<string, string>> = {}): string {
    return addressOf(this.text(name), `${this.#path}.${name}`, path, query);
  }

  #fail(name: string, what: string): never {
    throw new QueryError('spec', `${this.#path}.${name} ${what}`);
  }
}

/** @throws QueryError that calls the address by `label` */
export function addressOf(
  address: string,
  label: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  if (!URL.canParse(address)) throw new QueryError('spec', `${label} is not a URL`);
  const url = new URL(address);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  for (const [key, text] of Object.entries(query)) url.searchParams.set(key, text);
  return url.href;
}
