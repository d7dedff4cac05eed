/**
 * What a rollout promises, checked at every write to a sandbox against the objects themselves, whatever status says.
 * Exposure and cost are counted in what ReplicaSets are told, which is what the hook decides.
 */

import { REPLICA_SET, SERVICE } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { FIELD_MANAGER } from '../../src/metacontroller/unchanged.js';
import { splitReplicas } from '../../src/rollout/capacity/canaryReplicas.js';
import { toleranceOf } from '../../src/rollout/capacity/tolerance.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import type { Write } from '../../src/sandbox/cluster/store.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { hash } from '../../src/schema/hash.js';
import { PODS_PER_SET_ANNOTATION, PROMOTE_ANNOTATION, REVISION_LABEL } from '../../src/schema/names.js';
import type { HandledAnnotation } from '../../src/status/schema.js';
import { gatesOpenedBy } from './gatesOpened.js';

/** Steps, as far as these tests write them. */
interface RawStep {
  readonly setWeight?: number;
  readonly pause?: true | { readonly duration?: unknown };
}

interface Bounds {
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
}

interface RawSpec {
  readonly replicas: number;
  readonly template: unknown;
  readonly rolloutStrategy?: {
    readonly canary?: Bounds & { readonly steps?: readonly RawStep[] };
    readonly rollingUpdate?: Bounds;
    readonly blueGreen?: { readonly autoPromotionEnabled?: boolean };
  };
}

export interface Promises {
  /** Each breach in words. Empty: all promises were kept. */
  readonly broken: readonly string[];
}

/** Role sets of one revision: wanted, and available among the wanted ones. */
interface Pods {
  readonly spec: number;
  readonly available: number;
}

/**
 * Watches the StormService my-app from now on. Each approval that a person gives may let one gate of the present
 * template pass, `promote: full` all of them, and a new template needs new ones.
 */
export function watchPromises(sandbox: Sandbox): Promises {
  const broken: string[] = [];
  let passed = 0;
  let target = '';
  let stable: string | undefined;
  /** Going back to one of these may be instant: its pods are inside their delay, or it is inside the window. */
  const trusted = new Set<string>();
  /** spec.replicas now and before: a decision may have been made just before it changed. */
  let sizes: readonly number[] = [];

  const tell = (promise: string, what: string) =>
    broken.push(`${promise} ${what} at ${new Date(sandbox.clock.now()).toISOString()}`);

  function look(parent: KubeObject): RawSpec {
    const spec = parent['spec'] as RawSpec;
    const present = hash(spec.template);
    if (present !== target) [target, passed] = [present, promotes(parent) ? Number.POSITIVE_INFINITY : 0];
    if (spec.replicas !== sizes[0]) sizes = [spec.replicas, ...sizes].slice(0, 2);
    const { rolloutStatus } = (parent['status'] ?? {}) as { rolloutStatus?: { stableRevision?: string } };
    stable = rolloutStatus?.stableRevision ?? stable;
    if (stable !== undefined) trusted.add(stable);
    return spec;
  }

  function checkReplicaSet(write: Write, spec: RawSpec): void {
    const revision = (write.after ?? write.before)?.metadata.labels?.[REVISION_LABEL] ?? '';
    const after = podsOf(sandbox);
    const before = podsOf(sandbox, write);
    if (write.after === undefined && specOf(write.before) > 0) tell('P6', `${write.key} was deleted with pods`);
    const [was, is] = [before.get(revision)?.spec ?? 0, after.get(revision)?.spec ?? 0];
    if (is > was) checkCost(spec, revision, before, after);
    if (is < was) checkCapacity(spec, revision, before, after);
    if (stable !== undefined && stable !== target) checkExposure(spec, before, after);
  }

  function checkCost(spec: RawSpec, revision: string, before: Sets, after: Sets): void {
    const most = Math.max(...sizes);
    if (spec.rolloutStrategy?.blueGreen) {
      const is = after.get(revision)?.spec ?? 0;
      if (is > most) tell('P3', `${revision} grew to ${is} of ${most}`);
      if (revision !== target && revision !== stable) tell('P3', `${revision} is neither stable nor new and grew`);
      return;
    }
    const limit = Math.max(...sizes.map(r => r + tolerance(spec, r).surge), total(before, 'spec'));
    if (total(after, 'spec') > limit) tell('P3', `${total(after, 'spec')} role sets, not more than ${limit}`);
  }

  function checkCapacity(spec: RawSpec, revision: string, before: Sets, after: Sets): void {
    const selected = sandbox.cluster
      .list(SERVICE)
      .filter(service => selectionOf(service) === revision && !isPreview(service.metadata.name));
    const is = after.get(revision)?.spec ?? 0;
    if (selected.length > 0 && is < Math.min(...sizes))
      tell('P2', `${revision} shrank to ${is} while ${selected[0]?.metadata.name} selects it`);
    if (spec.rolloutStrategy?.blueGreen) return;
    const least = Math.min(...sizes.map(r => r - tolerance(spec, r).unavailable), total(before, 'available'));
    if (total(after, 'available') < least) tell('P2', `${total(after, 'available')} available, not ${least}`);
  }

  function checkExposure(spec: RawSpec, before: Sets, after: Sets): void {
    if (spec.rolloutStrategy?.blueGreen) return;
    const weight = allowedWeight(spec.rolloutStrategy?.canary?.steps ?? [], passed);
    const splits = sizes.map(r => splitReplicas(r, weight, 100, tolerance(spec, r).surge));
    const [was, is] = [before.get(target)?.spec ?? 0, after.get(target)?.spec ?? 0];
    const most = Math.max(...splits.map(({ canary }) => canary));
    if (is > was && is > most) tell('P4', `${is} pods of the new revision, weight ${weight} allows ${most}`);
    const share = Math.max(...splits.map(({ canary, stable: rest }) => canary / Math.max(1, canary + rest)));
    const shareNow = is / Math.max(1, total(after, 'spec'));
    const shareBefore = was / Math.max(1, total(before, 'spec'));
    if (shareNow > Math.max(share, shareBefore) + 1e-9)
      tell('P1', `share ${shareNow}, weight ${weight} allows ${share}`);
  }

  function checkService({ key, before, after }: Write, spec: RawSpec): void {
    const [from, to] = [selectionOf(before), selectionOf(after)];
    if (before === undefined || after === undefined || from === to || isPreview(key)) return;
    if (to === undefined) return;
    const available = podsOf(sandbox).get(to)?.available ?? 0;
    if (available < Math.min(...sizes)) tell('P2', `${key} selects ${to}, which has ${available} available`);
    const gated = spec.rolloutStrategy?.blueGreen?.autoPromotionEnabled === false && stable !== undefined;
    if (gated && to === target && !trusted.has(to) && passed === 0) tell('P4', `${key} passed the gate`);
  }

  sandbox.cluster.watch(write => {
    const parent = sandbox.cluster.get(STORM_SERVICE, 'default/my-app');
    if (parent === undefined) return;
    const spec = look(parent);
    if (write.kind === STORM_SERVICE) passed += gatesOpenedBy(write);
    if (write.by !== FIELD_MANAGER) return;
    if (write.kind === REPLICA_SET) checkReplicaSet(write, spec);
    if (write.kind === SERVICE) checkService(write, spec);
  });

  return { broken };
}

/** A full promotion that is there and that status does not show as used up counts for the template that comes next. */
function promotes({ metadata, status }: KubeObject): boolean {
  const { handledAnnotations = [] } = (status ?? {}) as { handledAnnotations?: readonly HandledAnnotation[] };
  const used = handledAnnotations.find(({ name }) => name === PROMOTE_ANNOTATION)?.value;
  return metadata.annotations?.[PROMOTE_ANNOTATION] === 'full' && used !== 'full';
}

type Sets = ReadonlyMap<string, Pods>;

/** Role sets by revision; `undo` shows them as they were before that write. */
function podsOf(sandbox: Sandbox, undo?: Write): Sets {
  const objects = sandbox.cluster.list(REPLICA_SET).filter(({ metadata }) => `default/${metadata.name}` !== undo?.key);
  const all = undo ? [...objects, ...(undo.before ? [undo.before] : [])] : objects;
  const sets = new Map<string, Pods>();
  for (const object of all) {
    const revision = object.metadata.labels?.[REVISION_LABEL] ?? '';
    const perSet = Number(object.metadata.annotations?.[PODS_PER_SET_ANNOTATION] ?? 1);
    const { availableReplicas = 0 } = (object['status'] ?? {}) as { availableReplicas?: number };
    const spec = Math.ceil(specOf(object) / perSet);
    const available = Math.floor(Math.min(specOf(object), availableReplicas) / perSet);
    const other = sets.get(revision) ?? { spec, available };
    sets.set(revision, { spec: Math.max(other.spec, spec), available: Math.min(other.available, available) });
  }
  return sets;
}

function total(sets: Sets, field: keyof Pods): number {
  return [...sets.values()].reduce((sum, pods) => sum + pods[field], 0);
}

function specOf(replicaSet: KubeObject | undefined): number {
  return (replicaSet?.['spec'] as { replicas?: number } | undefined)?.replicas ?? 0;
}

/** Nobody but testers is sent to a preview. */
function isPreview(service: string): boolean {
  return service.endsWith('-preview');
}

function selectionOf(service: KubeObject | undefined): string | undefined {
  return (service?.['spec'] as { selector?: Record<string, string> } | undefined)?.selector?.[REVISION_LABEL];
}

function tolerance({ rolloutStrategy }: RawSpec, r: number) {
  const { maxSurge = '25%', maxUnavailable = '25%' } = rolloutStrategy?.canary ?? rolloutStrategy?.rollingUpdate ?? {};
  return toleranceOf(maxSurge, maxUnavailable, r);
}

/** The largest weight before the first gate that nobody has let pass. */
function allowedWeight(steps: readonly RawStep[], passed: number): number {
  const gates = steps.flatMap(({ pause }, i) => (pause !== undefined && !hasDuration(pause) ? [i] : []));
  const gate = gates[passed];
  if (gate === undefined) return 100;
  return Math.max(0, ...steps.slice(0, gate).map(({ setWeight = 0 }) => setWeight));
}

function hasDuration(pause: NonNullable<RawStep['pause']>): boolean {
  return pause !== true && pause.duration !== undefined;
}
