/** Kubernetes' own schema of a pod template, from the kubernetes-models package. */

import type { ErrorObject } from 'ajv';
import { PodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { refuseAll } from '../../schema/ajvProblems.js';
import { suggest } from '../../schema/nearest.js';
import type { Place } from '../../schema/place.js';
import type { PodTemplate } from '../spec.js';

/** Fields that Kubernetes has had since the release that the package knows (1.33), without the indexes of lists. */
const NEWER_FIELDS: ReadonlySet<string> = new Set([
  'spec.hostnameOverride',
  'spec.schedulingGroup',
  'spec.workloadRef',
  'spec.containers.restartPolicyRules',
  'spec.containers.env.valueFrom.fileKeyRef',
  'spec.initContainers.restartPolicyRules',
  'spec.initContainers.env.valueFrom.fileKeyRef',
  'spec.volumes.projected.sources.podCertificate',
]);

/** More are not looked for: what was meant by each takes time to find. */
const MAX_PROBLEMS = 100;

/**
 * Refuses what is missing, of the wrong type, or unknown. The package's validators tolerate unknown fields, as the API
 * server does when it drops them without a word. But they ask for every field that they know, so a field of the
 * template that nobody asked for is unknown.
 */
export function checkKubernetesSchema(template: PodTemplate, place: Place): void {
  const visits: Visit[] = [];
  try {
    // The validator is called on what we hand it: constructing the model would copy it, and so read every field.
    PodTemplateSpec.prototype.validate.call(watch(template, visits) as PodTemplateSpec);
  } catch (error) {
    refuseAll(schemaErrors(error), template, place);
  }
  for (const visit of visits) if (place.count < MAX_PROBLEMS) refuseUnknown(visit, place);
}

function schemaErrors(error: unknown): readonly ErrorObject[] {
  const { errors } = error as { readonly errors?: readonly ErrorObject[] };
  if (errors === undefined) throw error;
  return errors;
}

function watch(object: object, visits: Visit[], parent?: Visit, key?: string): object {
  const visit = new Visit(object, visits, parent, key);
  visits.push(visit);
  // A proxy may not lie about a frozen target, and children are handed out wrapped: so the target is an empty one.
  return new Proxy(Array.isArray(object) ? [] : {}, visit);
}

/** What the schema's validator does with one object or list. */
class Visit implements ProxyHandler<object> {
  /** Keys that were asked for: the fields that the schema knows, whether they are there or not. */
  readonly asked = new Set<string>();
  private readonly children = new Map<string, object>();

  constructor(
    readonly object: object,
    private readonly visits: Visit[],
    private readonly parent: Visit | undefined,
    private readonly key: string | undefined,
  ) {}

  get(_: object, key: string | symbol): unknown {
    const value: unknown = Reflect.get(this.object, key);
    if (typeof key !== 'string') return value;
    this.asked.add(key);
    if (typeof value !== 'object' || value === null) return value;
    let child = this.children.get(key);
    if (child === undefined) {
      child = watch(value, this.visits, this, key);
      this.children.set(key, child);
    }
    return child;
  }

  has(_: object, key: string | symbol): boolean {
    return Reflect.has(this.object, key);
  }

  ownKeys(): (string | symbol)[] {
    // Maps such as labels are read by listing them: there every key is right.
    for (const key of Object.keys(this.object)) this.asked.add(key);
    return Reflect.ownKeys(this.object);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    const own = Reflect.getOwnPropertyDescriptor(target, key);
    if (own !== undefined) return own;
    const descriptor = Reflect.getOwnPropertyDescriptor(this.object, key);
    return descriptor && { ...descriptor, configurable: true };
  }

  /** Keys that lead here from the template. */
  get keys(): readonly (string | number)[] {
    if (this.parent === undefined || this.key === undefined) return [];
    return [...this.parent.keys, Array.isArray(this.parent.object) ? Number(this.key) : this.key];
  }
}

function refuseUnknown(visit: Visit, place: Place): void {
  const { object, asked } = visit;
  // An object that nobody looked into stands where the schema allows anything.
  if (asked.size === 0 || Array.isArray(object)) return;
  for (const key of Object.keys(object)) {
    if (asked.has(key) || isNewer([...visit.keys, key])) continue;
    place.at(...visit.keys, key).refuse(`unknown field ${key}`, suggest(key, [...asked]));
  }
}

function isNewer(keys: readonly (string | number)[]): boolean {
  return NEWER_FIELDS.has(keys.filter(key => typeof key === 'string').join('.'));
}
