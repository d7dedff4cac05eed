/** A snapshot of one StormService in the cluster, as shown by a view. */
import { readSpec } from '../../../src/api/readSpec.js';
import type { Spec } from '../../../src/api/spec.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../../src/sandbox/cluster/kinds.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { Instant } from '../../../src/schema/instant.js';
import { PAUSE_ANNOTATION, REVISION_LABEL, STORMSERVICE_LABEL } from '../../../src/schema/names.js';
import type { StormServiceStatus } from '../../../src/status/schema.js';
import type { TrafficPicture } from '../load/traffic.js';
import { type MetricPicture, metricPictures } from './analysisPicture.js';
import { type RevisionPicture, revisionPictures } from './revisionPicture.js';
import type { RolloutStatus } from './rolloutStatus.js';
import { type Stage, stagesOf } from './stages.js';

export interface Picture {
  /** `my-app`, or `team/my-app` outside of the namespace default. */
  readonly name: string;
  readonly at: Instant;
  readonly replicas: number;
  /** Empty until the first sync. */
  readonly status: RolloutStatus;
  readonly stages: readonly Stage[];
  /** Percentage of the requests that the new revision serves; absent if no pods serve. */
  readonly carried?: number;
  /** Stable first. */
  readonly revisions: readonly RevisionPicture[];
  /** Running metrics, and failed ones. */
  readonly metrics: readonly MetricPicture[];
  /** rollout-pause is set. */
  readonly paused: boolean;
  /** Absent until clients send requests. */
  readonly traffic?: TrafficPicture;
}

/** Undefined if there is no such StormService. */
export async function takePicture(sandbox: Sandbox, name: string): Promise<Picture | undefined> {
  const object = await sandbox.get(STORM_SERVICE, name);
  if (object === undefined) return undefined;
  const observed = (object['status'] ?? {}) as StormServiceStatus;
  const { rolloutStatus: status = {} } = observed;
  const spec = specOf(object);
  const roles = spec?.roles.map(({ name }) => name) ?? [];
  const revisions = revisionPictures(await childrenOf(sandbox, object), roles, status);
  const carried = await carriedShare(sandbox, object, spec, status);
  const annotations = object.metadata.annotations ?? {};
  return {
    name,
    at: sandbox.clock.now(),
    replicas: spec?.replicas ?? 0,
    status,
    stages: spec === undefined ? [] : stagesOf(spec, status, revisions),
    ...(carried !== undefined && { carried }),
    revisions,
    metrics: metricPictures(observed),
    paused: annotations[PAUSE_ANNOTATION] !== undefined,
  };
}

/** The rollout is finished: all remaining pods belong to the serving revision. */
export function isSettled({ status, revisions }: Picture): boolean {
  const { phase, stableRevision } = status;
  const over = phase === 'Healthy' || (phase === 'Degraded' && status.abort !== undefined);
  return over && revisions.every(({ hash, wanted, pods }) => hash === stableRevision || (wanted === 0 && pods === 0));
}

/** It waits for a person, not for a time: at a gate, or because an analysis is inconclusive. */
export function waitsForApproval({ status: { phase, pause } }: Picture): boolean {
  return phase === 'Paused' && (pause?.reason === 'PauseUntilApproval' || pause?.reason === 'InconclusiveAnalysis');
}

function specOf({ metadata, spec }: KubeObject & { readonly spec?: unknown }): Spec | undefined {
  const { name, namespace = '' } = metadata;
  const result = readSpec(spec, { name, namespace, applyStrategy: 'dynamic-apply' });
  return result.ok ? result.value : undefined;
}

async function childrenOf(sandbox: Sandbox, { metadata }: KubeObject) {
  const labels = { [STORMSERVICE_LABEL]: metadata.name };
  const sets = await sandbox.list('ReplicaSet.apps/v1', labels, metadata.namespace);
  return { sets, pods: sandbox.kubelet.list(metadata.namespace ?? 'default', labels) };
}

/** The share from the route if there is one; otherwise every pod behind the root Service gets an equal share. */
async function carriedShare(
  sandbox: Sandbox,
  { metadata }: KubeObject,
  spec: Spec | undefined,
  { observedWeight, updatedRevision }: RolloutStatus,
): Promise<number | undefined> {
  if (spec?.service === undefined) return undefined;
  const { strategy, service } = spec;
  const routing = strategy.type === 'Canary' && strategy.trafficRouting ? strategy : undefined;
  // The rest goes to the stable Service, which finally selects the new revision.
  const pods = await sandbox.endpoints(`${metadata.namespace}/${routing?.stableService ?? service.name}`);
  const fresh = pods.filter(({ labels }) => labels[REVISION_LABEL] === updatedRevision).length;
  const weight = routing?.trafficRouting ? (observedWeight ?? 0) / routing.trafficRouting.maxTrafficWeight : 0;
  if (pods.length === 0) return weight === 1 ? 100 : undefined;
  return Math.round(100 * (weight + ((1 - weight) * fresh) / pods.length));
}
