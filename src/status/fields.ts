/** What the schemas of status are made of. */
import { type Static, type TSchema, Type } from 'typebox';
import { type Instant, toRfc3339 } from '../schema/instant.js';
import { instantText, list, untyped } from '../schema/schema.js';

/** Readonly all the way down; JsonObject is so already. */
type Frozen<T> = string extends keyof T ? T : { readonly [K in keyof T]: Frozen<T[K]> };

/** What a part of status holds, as JSON. */
export type Stored<S extends TSchema> = Frozen<Static<S>>;

export function optionalText(description: string) {
  return Type.Optional(Type.String({ description }));
}

export function optionalWhole(description: string) {
  return Type.Optional(Type.Integer({ description }));
}

/** A time that fits the schema only if it is one. */
export function optionalInstant(description: string) {
  return Type.Optional(instantText({ description }));
}

/** Of a text that fits `instantText`. */
export function toInstant(text: string): Instant {
  return Date.parse(text);
}

export function storedInstant(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : toRfc3339(instant);
}

/** Read by the hook alone: the CRD keeps any form of it, so that no version of the hook loses what another one wrote. */
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
