/** A small configuration of which every state is visited. */

import { readSpec } from '../../src/api/readSpec.js';
import type { Spec } from '../../src/api/spec.js';
import { CORE_KINDS, kindOf } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { type Observation, observe } from '../../src/observe/observation.js';
import { hash } from '../../src/schema/hash.js';
import type { JsonObject } from '../../src/schema/json.js';
import { API_VERSION, KIND } from '../../src/schema/names.js';
import type { EventName } from './events.js';
import type { State, Template } from './state.js';

export interface Model {
  readonly title: string;
  /** spec.rolloutStrategy. */
  readonly strategy: JsonObject;
  readonly replicas: number;
  /** The one that is rolled out from the start; otherwise only events change it. */
  readonly template?: Template;
  /** Kinds of route objects. */
  readonly kinds: readonly string[];
  /** What the user has made before, of these kinds. */
  readonly objects?: readonly KubeObject[];
  /** Step index of every gate, in order. */
  readonly gates: readonly number[];
  /** The canary weight that is allowed once so many gates are passed. */
  readonly allowed: readonly number[];
  /** The steps begin with a header route, which stays until they are done. */
  readonly header?: boolean;
  /** Blue-green. */
  readonly rollsBackAtOnce?: boolean;
  readonly settleSeconds: number;
  /** progressDeadlineSeconds. Pods then fall back at any time, as often as they like. */
  readonly deadlineSeconds?: number;
  readonly deadlineAborts?: boolean;
  readonly events: readonly EventName[];
  /** How many of these events happen at the most, beside any number of syncs, ready pods and seconds. */
  readonly budget: number;
}

export const NAME = 'my-app';

export function parentOf(model: Model, { template, annotations, status }: State): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: NAME, namespace: 'default', uid: 'u1', annotations },
    spec: rawSpec(model, template),
    ...(status && { status }),
  };
}

const raw = new WeakMap<Model, Map<Template, JsonObject>>();

function rawSpec(model: Model, template: Template): JsonObject {
  const known = raw.get(model) ?? new Map<Template, JsonObject>();
  raw.set(model, known);
  const spec = known.get(template) ?? {
    replicas: model.replicas,
    progressDeadlineSeconds: model.deadlineSeconds ?? 1_000_000,
    progressDeadlineAbort: model.deadlineAborts ?? false,
    template: {
      metadata: { labels: { app: 'my-app' } },
      spec: { containers: [{ name: 'web', image: `app:${template}`, ports: [{ containerPort: 8080 }] }] },
    },
    rolloutStrategy: model.strategy,
  };
  known.set(template, spec);
  return spec;
}

const specs = new WeakMap<JsonObject, Spec>();

export function specOf(model: Model, template: Template): Spec {
  const written = rawSpec(model, template);
  const known = specs.get(written);
  if (known) return known;
  const read = readSpec(written, { name: NAME, namespace: 'default', applyStrategy: 'dynamic-apply' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  specs.set(written, read.value);
  return read.value;
}

const hashes = new Map<Spec, string>();

export function hashOf(model: Model, template: Template): string {
  const spec = specOf(model, template);
  const known = hashes.get(spec) ?? hash(spec.template);
  hashes.set(spec, known);
  return known;
}

export type Cluster = Pick<Observation, 'parent' | 'spec' | 'children' | 'related'>;

const clusters = new WeakMap<State['children'], Observation['children']>();

/** What routers can see of a state. */
export function clusterOf(model: Model, { children, template }: State): Cluster {
  const known = clusters.get(children) ?? grouped(model, children);
  clusters.set(children, known);
  return { parent: PARENT, spec: specOf(model, template), children: known, related: relatedOf(model) };
}

function relatedOf({ objects = [] }: Model): Observation['related'] {
  return Object.fromEntries(objects.map(object => [kindOf(object), { [`default/${object.metadata.name}`]: object }]));
}

const PARENT = { name: NAME, namespace: 'default', uid: 'u1', generation: 1, annotations: {}, managedFields: [] };

export function observationOf(model: Model, state: State): Observation {
  const { children, related, spec } = clusterOf(model, state);
  return observe({ parent: parentOf(model, state), children, related }, spec);
}

function grouped({ kinds }: Model, objects: State['children']): Observation['children'] {
  const children: Record<string, Record<string, KubeObject>> = Object.fromEntries(
    [...CORE_KINDS, ...kinds].map(kind => [kind, {}]),
  );
  for (const child of objects.values()) {
    const group = children[kindOf(child)];
    if (group) group[`default/${child.metadata.name}`] = child;
  }
  return children;
}
