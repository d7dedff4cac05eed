/**
 * How a concept of the API is written down once: as a TypeBox schema, which is its TypeScript type, its check in the
 * hook (`hookSchema`) and its part of the CRD (crd.ts). Keywords with `x-` are Kubernetes' own, except for CRD_OPEN.
 */
import { type Static, type TSchema, Type } from 'typebox';
import type { Json, JsonObject } from './json.js';
import { LABEL_VALUE_CHECKS } from './labels.js';

/** A rule in CEL that spans fields: checked by the API server when the object is applied. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  /** The field that is meant, below the one that has the rule: `.template`. Read from Kubernetes 1.28 on. */
  readonly fieldPath?: string;
  readonly reason?: 'FieldValueRequired' | 'FieldValueInvalid';
}

interface Options {
  readonly description: string;
  /** Written by the API server. Nothing inside a pod template has one: it would change the revision's hash. */
  readonly default?: Json;
}

interface ShapeOptions extends Options {
  readonly rules?: readonly Rule[];
  /** At least one of these fields must be there: for fields that CEL cannot see. */
  readonly someOf?: readonly string[];
  /** Required fields that a rule asks for, because its message says how to add them. */
  readonly byRule?: readonly string[];
}

interface ListOptions extends Options {
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly rules?: readonly Rule[];
  /** The field that is unique among the items; server-side apply merges by it. */
  readonly key?: string;
}

type Properties = Record<string, TSchema>;

/**
 * Our own keyword: checked in full by the hook, left open in the CRD: `any` form at all, any `object`, or any form of
 * which an object's `fields` are checked.
 */
export const CRD_OPEN = 'x-storm-open';

/** Our own keyword: value validations for the CRD alone. */
export const CRD_CHECKS = 'x-storm-crd-checks';

/** Our own keyword: required fields that the CRD does not require, because one of its rules does. */
export const BY_RULE = 'x-storm-by-rule';

/** Our own keyword, for what is read leniently: where this does not fit, nothing is left of what holds it. */
export const ESSENTIAL = 'x-storm-essential';

/** An object with exactly these fields. */
export function shape<const P extends Properties>(properties: P, { rules, someOf, byRule, ...options }: ShapeOptions) {
  return Type.Object(properties, {
    ...options,
    additionalProperties: false,
    ...(byRule === undefined ? {} : { [BY_RULE]: [...byRule] }),
    ...(someOf === undefined ? {} : { anyOf: someOf.map(field => ({ required: [field] })) }),
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': [...rules] }),
  });
}

/** An object of which only these fields are ours to check; others are kept as they are. */
export function openShape<const P extends Properties>(
  properties: P,
  { rules, ...options }: Omit<ShapeOptions, 'someOf' | 'byRule'>,
) {
  return Type.Object(properties, {
    ...options,
    'x-kubernetes-preserve-unknown-fields': true,
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': [...rules] }),
  });
}

export function anyObject(options: Options) {
  return Type.Unsafe<JsonObject>({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...options });
}

export function list<T extends TSchema>(items: T, { key, rules, ...options }: ListOptions) {
  return Type.Array(items, {
    ...options,
    ...(key === undefined ? {} : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] }),
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': [...rules] }),
  });
}

export function text(options: Options & { readonly maxLength?: number; readonly minLength?: number }) {
  return Type.String({ maxLength: 4096, ...options });
}

/** A name of a Kubernetes object, or of something that becomes a part of one. */
export function nameText(options: Options) {
  return Type.String({ minLength: 1, maxLength: 253, ...options });
}

export function choice<const Values extends readonly string[]>(values: Values, options: Options) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });
}

/** Limit of Kubernetes' int32 fields. */
const INT32 = 2_147_483_647;

export function whole(options: Options & { readonly minimum?: number; readonly maximum?: number }) {
  return Type.Integer({ minimum: 0, maximum: INT32, ...options });
}

export function flag(options: Options) {
  return Type.Boolean({ ...options });
}

/** A point in time (instant.ts), checked in the hook. */
export function instantText(options: Options) {
  return Type.String({ format: 'date-time', ...options });
}

/** A whole number or a text: counts with per cents, durations. What the text must look like is checked in the hook. */
export function intOrString(options: Options) {
  return Type.Unsafe<number | string>({ 'x-kubernetes-int-or-string': true, ...options });
}

interface MapOptions extends Options {
  readonly maxProperties?: number;
  readonly rules?: readonly Rule[];
}

export function textMap(options: MapOptions) {
  return mapOf(Type.String(), options);
}

function mapOf(values: TSchema, { rules, ...options }: MapOptions) {
  return Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    additionalProperties: values,
    ...options,
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': [...rules] }),
  });
}

/** Labels and what selects by them; the hook checks keys as well (labels.ts). */
export function labelMap(options: MapOptions) {
  return mapOf(serverChecked(Type.String(), LABEL_VALUE_CHECKS), options);
}

/**
 * Checks by which the API server refuses a value at once. The hook checks the same in code, where a message can say
 * what is wrong: so these never refuse what the hook accepts.
 */
export function serverChecked<T extends TSchema>(schema: T, checks: Readonly<Record<string, unknown>>): T {
  return { ...schema, [CRD_CHECKS]: checks };
}

/** Accepted in any form by the CRD, for what has several: a structural schema knows no unions, and CEL cannot see it. */
export function untyped<T extends TSchema>(schema: T): T {
  return { ...schema, [CRD_OPEN]: 'any' };
}

/** The same for an object that has a short form: its fields are checked where it is an object. */
export function eitherForm<T extends TSchema>(schema: T, checks: Readonly<Record<string, unknown>>): T {
  return serverChecked({ ...schema, [CRD_OPEN]: 'fields' }, checks);
}

/** Where this does not fit, whatever holds it is not understood either. */
export function essential<T extends TSchema>(schema: T): T {
  return { ...schema, [ESSENTIAL]: true };
}

/** Any object for the CRD, which could not be applied if it held large schemas in many places. */
export function unlisted<T extends TSchema>(schema: T): T {
  return { ...schema, [CRD_OPEN]: 'object' };
}

/** A form of the first draft: the CRD accepts it, firstDraft.ts rewrites it, so no reader ever sees it. */
export function firstDraft<T extends TSchema>(schema: T) {
  return Type.Optional({ ...schema, deprecated: true } as T);
}

export type { Static };

type SchemaNode = Readonly<Record<string, unknown>>;

/** The schema that the hook checks with after firstDraft.ts: without the first draft's fields and what needs them. */
export function hookSchema(schema: unknown): SchemaNode {
  return strip(schema) as SchemaNode;
}

function strip(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strip);
  if (typeof node !== 'object' || node === null) return node;
  const fields = Object.entries(node).filter(([key, value]) => key !== 'anyOf' && !isFirstDraft(value));
  return Object.fromEntries(fields.map(([key, value]) => [key, key === 'default' ? value : strip(value)]));
}

function isFirstDraft(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'deprecated' in node;
}
