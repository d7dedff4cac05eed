/** The arguments of an analysis and their values. */

import type { JsonObject } from '../../schema/json.js';
import { Place } from '../../schema/place.js';
import type { Problem, Result } from '../../schema/problem.js';
import { show } from '../../schema/show.js';
import type { SecretArg } from '../../status/analysisRuns.js';
import type { AnalysisContext } from '../context.js';
import { textAt } from './fieldPath.js';

export interface Args {
  /** Values by name. */
  readonly values: ReadonlyMap<string, string>;
  readonly secrets: readonly SecretArg[];
}

/** `args` of one template or of the analysis itself; `path` is the list's. */
export interface ArgList {
  readonly args: readonly JsonObject[];
  readonly path: string;
}

/** Given values take precedence over those in templates; an argument without a value is refused. */
export function resolveArgs(given: ArgList, declared: readonly ArgList[], context: AnalysisContext): Result<Args> {
  const problems: Problem[] = [];
  const sources = new Map<string, Source>();
  for (const list of declared) declare(sources, list, problems);
  given.args.forEach((arg, index) => {
    const source = sourceOf(arg, new Place(given.path, problems).at(index));
    if (source.value !== undefined || source.valueFrom !== undefined) sources.set(source.name, source);
  });
  const values = new Map<string, string>();
  const secrets: SecretArg[] = [];
  for (const source of sources.values()) {
    const resolved = resolve(source, context);
    if (typeof resolved === 'string') values.set(source.name, resolved);
    else if (resolved !== undefined) secrets.push(resolved);
  }
  return problems.length === 0 ? { ok: true, value: { values, secrets } } : { ok: false, problems };
}

interface Source {
  readonly name: string;
  readonly value?: unknown;
  readonly valueFrom?: JsonObject;
  readonly place: Place;
}

function sourceOf(arg: JsonObject, place: Place): Source {
  const { name, value, valueFrom } = arg;
  return {
    name: String(name ?? ''),
    ...(value !== undefined && value !== null && { value }),
    ...(typeof valueFrom === 'object' && valueFrom !== null && { valueFrom: valueFrom as JsonObject }),
    place,
  };
}

/** Templates used together share their arguments, so conflicting values are refused. */
function declare(sources: Map<string, Source>, { args, path }: ArgList, problems: Problem[]): void {
  args.forEach((arg, index) => {
    const source = sourceOf(arg, new Place(path, problems).at(index));
    const before = sources.get(source.name);
    if (before?.value !== undefined && source.value !== undefined && before.value !== source.value) {
      source.place.refuse(
        `argument ${show(source.name)} is ${show(source.value)} here and ${show(before.value)} in another template`,
        'set one value where the templates are used',
      );
    }
    if (before?.value === undefined && (before?.valueFrom === undefined || source.value !== undefined)) {
      sources.set(source.name, source);
    }
  });
}

function resolve({ name, value, valueFrom, place }: Source, context: AnalysisContext): string | SecretArg | undefined {
  if (value !== undefined) return plain(name, String(value), place);
  if (valueFrom === undefined) {
    place.refuse(
      `argument ${show(name)} has no value`,
      `add {name: ${name}, value: …} to args where the template is used`,
    );
    return undefined;
  }
  const secret = object(valueFrom['secretKeyRef']);
  if (secret !== undefined) return { arg: name, name: String(secret['name']), key: String(secret['key']) };
  const text = fromContext(valueFrom, context);
  if (text !== undefined) return plain(name, text, place);
  place
    .at('valueFrom')
    .refuse(`${show(valueFrom)} has no value`, 'use podTemplateHashValue: Stable or Latest, or an existing fieldPath');
  return undefined;
}

/** Values are substituted only once: a reference inside a value would be taken for that of a Secret. */
function plain(name: string, value: string, place: Place): string {
  if (value.includes('{{')) place.refuse(`the value of argument ${show(name)} contains {{`, 'use a value without it');
  return value;
}

function fromContext(valueFrom: JsonObject, context: AnalysisContext): string | undefined {
  switch (valueFrom['podTemplateHashValue']) {
    case 'Stable':
      return context.stableRevision;
    case 'Latest':
      return context.latestRevision;
    default:
      return textAt(context.parent, String(object(valueFrom['fieldRef'])?.['fieldPath'] ?? ''));
  }
}

function object(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
}
