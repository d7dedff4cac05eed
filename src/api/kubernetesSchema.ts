/** Kubernetes' own schema of a pod template, from the kubernetes-models package. */

import type { ErrorObject } from 'ajv';
import { PodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { refuseAll, toKeys } from './ajvProblems.js';
import { suggest } from './nearest.js';
import type { Place } from './place.js';
import type { PodTemplate } from './spec.js';

/** Fields that Kubernetes has had since the release that the package knows (1.33), by the path that leads to them. */
const NEWER_FIELDS: readonly RegExp[] = [
  /^\/spec\/(hostnameOverride|workloadRef|schedulingGroup)$/,
  /^\/spec\/(initContainers|containers)\/\d+\/restartPolicyRules$/,
  /^\/spec\/(initContainers|containers)\/\d+\/env\/\d+\/valueFrom\/fileKeyRef$/,
  /^\/spec\/volumes\/\d+\/projected\/sources\/\d+\/podCertificate$/,
];

interface Visit {
  readonly pointer: string;
  readonly object: object;
  /** Keys that the schema asked for: the fields it knows, whether they are there or not. */
  readonly asked: Set<string>;
}

/**
 * Refuses what is missing, of the wrong type, or unknown. The package's validators tolerate unknown fields, as the API
 * server does when it drops them without a word. But they ask for every field that they know, so a field of the
 * template that nobody asked for is unknown.
 */
export function checkKubernetesSchema(template: PodTemplate, place: Place): void {
  const visits: Visit[] = [];
  try {
    // The validator is called on what we hand it: constructing the model would copy it, and so read every field.
    PodTemplateSpec.prototype.validate.call(watch(template, '', visits) as PodTemplateSpec);
  } catch (error) {
    refuseAll(schemaErrors(error), template, place);
  }
  for (const visit of visits) refuseUnknown(visit, place);
}

function schemaErrors(error: unknown): readonly ErrorObject[] {
  const { errors } = error as { readonly errors?: readonly ErrorObject[] };
  if (errors === undefined) throw error;
  return errors;
}

function watch(object: object, pointer: string, visits: Visit[]): object {
  const asked = new Set<string>();
  const children = new Map<string, object>();
  if (!Array.isArray(object)) visits.push({ pointer, object, asked });
  // A copy, as a proxy must show the real values of what is frozen.
  return new Proxy(Array.isArray(object) ? [...object] : { ...object }, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key !== 'string') return value;
      asked.add(key);
      if (typeof value !== 'object' || value === null) return value;
      const child =
        children.get(key) ?? watch(value, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, visits);
      children.set(key, child);
      return child;
    },
    ownKeys(target) {
      // Maps such as labels are read by listing them: there every key is right.
      for (const key of Object.keys(target)) asked.add(key);
      return Reflect.ownKeys(target);
    },
  });
}

function refuseUnknown({ pointer, object, asked }: Visit, place: Place): void {
  // An object that nobody looked into stands where the schema allows anything, or where its parent is unknown.
  if (asked.size === 0) return;
  for (const key of Object.keys(object)) {
    if (asked.has(key) || NEWER_FIELDS.some(field => field.test(`${pointer}/${key}`))) continue;
    place.at(...toKeys(pointer), key).refuse(`Kubernetes knows no field ${key} here`, suggest(key, [...asked]));
  }
}
