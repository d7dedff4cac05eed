/** Which language a text of the API is in: what a value may become inside it depends on that. */
import type { TSchema } from 'typebox';

export const LANGUAGES = [
  /** Any text, which nothing interprets. */
  'data',
  /** The value of an HTTP header. */
  'header',
  /** One word without white space: the name of a header, a scope. */
  'word',
  /** A number, a duration or a time, which whatever reads the field checks. */
  'scalar',
  'url',
  /** A request body: JSON, or of an unknown language. */
  'body',
  /** A string inside a JSON document. */
  'json',
  'cel',
  'jsonPath',
  'promql',
  'datadog',
  'nrql',
  'cloudWatch',
  'graphite',
  'flux',
  'wavefront',
  'graphql',
  'dynatrace',
] as const;

export type Language = (typeof LANGUAGES)[number];

/** Our own keyword: the language of a text, or of all texts in a map or an object without fields of its own. */
export const LANGUAGE = 'x-storm-language';

export function inLanguage<T extends TSchema>(language: Language, schema: T): T {
  return { ...schema, [LANGUAGE]: language };
}
