/** Building blocks of the status schemas. */
import { type Static, type TSchema, Type } from 'typebox';
import { type Instant, toRfc3339 } from '../schema/instant.js';
import { instantText, list, untyped } from '../schema/schema.js';

/** Deeply readonly; JsonObject already is. */
type Frozen<T> = string extends keyof T ? T : { readonly [K in keyof T]: Frozen<T[K]> };

/** A part of status as JSON. */
export type Stored<S extends TSchema> = Frozen<Static<S>>;

export function optionalText(description: string) {
  return Type.Optional(Type.String({ description }));
}

export function optionalWhole(description: string) {
  return Type.Optional(Type.Integer({ description }));
}

/** An optional time, checked by the schema. */
export function optionalInstant(description: string) {
  return Type.Optional(instantText({ description }));
}

/** Converts a string that conforms to `instantText`. */
export function toInstant(text: string): Instant {
  return Date.parse(text);
}

export function storedInstant(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : toRfc3339(instant);
}

/** Read only by the hook: the CRD accepts any form, so that no version of the hook loses data of another one. */
export function memory<S extends TSchema>(schema: S) {
  return Type.Optional(untyped(schema));
}

export function memories<S extends TSchema>(items: S, description: string) {
  return memory(list(items, { description }));
}

/** `Healthy, Progressing, Paused or Degraded.` */
export function eitherOf(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}.`;
}
