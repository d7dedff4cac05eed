import type { Role, Spec } from '../api/spec.js';
import { rolesOf } from '../api/template/roles.js';
import { CONTROLLER_REVISION, objectsOf, REPLICA_SET } from '../metacontroller/children.js';
import type { ObjectMap } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { hash } from '../schema/hash.js';
import { fromRfc3339, type Instant } from '../schema/instant.js';
import type { JsonObject } from '../schema/json.js';
import { PODS_PER_SET_ANNOTATION, REVISION_LABEL, ROLE_LABEL } from '../schema/names.js';
import { recordedTemplate } from './template.js';

/** The pods of one role of one revision, as its ReplicaSet has them. */
export interface RolePods {
  readonly role: string;
  /** Pods of this role in one role set. */
  readonly perSet: number;
  readonly upgradeOrder: number;
  /** Desired number, from the ReplicaSet's spec. 0 without a ReplicaSet. */
  readonly spec: number;
  readonly replicas: number;
  readonly ready: number;
  /** Available pods, but never more than `spec`. */
  readonly available: number;
  readonly replicaSet?: KubeObject;
}

/** One revision of the template: it has a ControllerRevision or a ReplicaSet, or it is the current one. */
export interface Revision {
  readonly hash: string;
  /** Its number in history; that of the current template is known before its ControllerRevision exists. */
  readonly number: number;
  readonly created: Instant;
  /** As the user wrote it. Absent if only ReplicaSets of the revision are left. */
  readonly template?: JsonObject;
  readonly record?: KubeObject;
  readonly roles: readonly RolePods[];
}

/** All revisions, oldest first. The revision of `spec.template` is always among them. */
export function observeRevisions(spec: Spec, children: ObjectMap): readonly Revision[] {
  const target = hash(spec.template);
  const records = new Map(objectsOf(children, CONTROLLER_REVISION).map(record => [labelOf(record), record]));
  const sets = objectsOf(children, REPLICA_SET);
  const next = 1 + Math.max(0, ...Array.from(records.values(), record => numberOf(record)));
  const hashes = new Set([target, ...records.keys(), ...sets.map(labelOf)]);
  hashes.delete('');
  return Array.from(hashes, hash => {
    const record = records.get(hash);
    const replicaSets = sets.filter(set => labelOf(set) === hash);
    const template = hash === target ? spec.template : record && intactTemplate(record);
    const roles = hash === target ? spec.roles : template && rolesOf(template);
    return {
      hash,
      number: record ? numberOf(record) : hash === target ? next : 0,
      created: firstCreated([...(record ? [record] : []), ...replicaSets]),
      roles: podsByRole(roles, replicaSets),
      ...(template && { template }),
      ...(record && { record }),
    };
  }).sort((a, b) => a.number - b.number || a.created - b.created || (a.hash < b.hash ? -1 : 1));
}

function podsByRole(roles: readonly Role[] | undefined, replicaSets: readonly KubeObject[]): readonly RolePods[] {
  const byRole = new Map(replicaSets.map(set => [set.metadata.labels?.[ROLE_LABEL] ?? '', set]));
  const known = roles?.map(role => podsOf(role, byRole.get(role.name))) ?? [];
  const names = new Set(known.map(({ role }) => role));
  // Without its template, a revision still has the pods of its ReplicaSets.
  const others = [...byRole].filter(([name]) => !names.has(name));
  return [...known, ...others.map(([name, set]) => podsOf({ name, pods: perSetOf(set), upgradeOrder: 0 }, set))];
}

function podsOf(role: Pick<Role, 'name' | 'pods' | 'upgradeOrder'>, replicaSet: KubeObject | undefined): RolePods {
  const spec = count(replicaSet?.['spec'], 'replicas', replicaSet ? 1 : 0);
  const status = replicaSet?.['status'];
  return {
    role: role.name,
    perSet: role.pods,
    upgradeOrder: role.upgradeOrder,
    spec,
    replicas: count(status, 'replicas', 0),
    ready: count(status, 'readyReplicas', 0),
    available: Math.min(spec, count(status, 'availableReplicas', 0)),
    ...(replicaSet && { replicaSet }),
  };
}

function count(object: unknown, field: string, otherwise: number): number {
  const value = (object as Record<string, unknown> | undefined)?.[field];
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

function perSetOf(replicaSet: KubeObject): number {
  const pods = Number(replicaSet.metadata.annotations?.[PODS_PER_SET_ANNOTATION]);
  return Number.isInteger(pods) && pods > 0 ? pods : 1;
}

function labelOf(object: KubeObject): string {
  return object.metadata.labels?.[REVISION_LABEL] ?? '';
}

function numberOf(record: KubeObject): number {
  const { revision } = record;
  return typeof revision === 'number' ? revision : 0;
}

/** Infinity if no object has a time. */
function firstCreated(objects: readonly KubeObject[]): Instant {
  return Math.min(...objects.flatMap(object => fromRfc3339(object.metadata.creationTimestamp) ?? []));
}

/** The template of a record whose hash matches its label: the hook never rolls back to an edited one. */
function intactTemplate(record: KubeObject): JsonObject | undefined {
  const template = recordedTemplate(record);
  return template && hash(template) === labelOf(record) ? template : undefined;
}
