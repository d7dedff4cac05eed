/** The decision as children: everything that shall exist. What is observed and missing here is deleted. */

import type { PodMetadata, Spec } from '../api/spec.js';
import { isRouted } from '../api/strategy/trafficRouting.js';
import { rolesOf } from '../api/template/roles.js';
import { objectsOf, REPLICA_SET, SERVICE } from '../metacontroller/children.js';
import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import { foreignRoutes } from '../observe/foreignRoutes.js';
import type { Observation } from '../observe/observation.js';
import type { Revision } from '../observe/revisions.js';
import { podsForSets } from '../observe/roleSets.js';
import type { Decision } from '../rollout/step.js';
import { REVISION_LABEL } from '../schema/names.js';
import { renderControllerRevision } from './controllerRevision.js';
import { renderReplicaSet, resize } from './replicaSet.js';
import { renderRoutes } from './routes.js';
import { renderService } from './service.js';

export function render(observation: Observation, decision: Decision): readonly KubeObject[] {
  const { parent, spec } = observation;
  const { plan, recorded } = decision;
  const { service, strategy } = spec;
  const routes = plan.traffic && isRouted(strategy) ? renderRoutes(observation, strategy, plan.traffic) : [];
  return [
    ...recorded.flatMap(revision => renderControllerRevision(parent, revision) ?? []),
    ...recorded.flatMap(revision => renderReplicaSets(observation, decision, revision)),
    ...strangers(observation),
    ...(service
      ? Array.from(plan.selections, ([name, selection]) => renderService(parent, service, name, selection))
      : []),
    ...routes,
    ...outlivingServices(observation, decision, routes),
  ];
}

/**
 * Services that are not wanted any more stay for as long as a route object of an earlier configuration exists, or the
 * rollout is still on its way back from it: a route without its Service answers with errors.
 */
function outlivingServices(
  { children }: Observation,
  { plan, reverting }: Decision,
  routes: readonly KubeObject[],
): readonly KubeObject[] {
  if (!reverting && foreignRoutes(children, routes).length === 0) return [];
  return objectsOf(children, SERVICE)
    .filter(({ metadata }) => !plan.selections.has(metadata.name))
    .map(asLastApplied);
}

/** One ReplicaSet a role: the observed ones resized, and those that are wanted and not there made. */
function renderReplicaSets(
  { parent, spec }: Observation,
  { plan, revisions }: Decision,
  revision: Revision,
): readonly KubeObject[] {
  const sets = plan.sets.get(revision.hash);
  const pods = sets === undefined ? undefined : podsForSets(revision, sets);
  const roles = revision.template ? rolesOf(revision.template) : [];
  return revision.roles.flatMap(({ role: name, spec: present, replicaSet }) => {
    const size = { replicas: pods?.get(name) ?? present, minReadySeconds: spec.minReadySeconds };
    if (replicaSet) return [resize(replicaSet, size)];
    const role = roles.find(candidate => candidate.name === name);
    const wanted = revision === revisions.updated || revision.hash === plan.stable;
    if (!wanted || !role) return [];
    const podMetadata = podMetadataOf(spec, revision.hash === plan.stable || revisions.stable === undefined);
    return [renderReplicaSet({ parent, revision: revision.hash, role, size, podMetadata })];
  });
}

/** Metadata is given to pods as they are made, and never changed on running ones. */
function podMetadataOf({ strategy }: Spec, stable: boolean): PodMetadata {
  switch (strategy.type) {
    case 'Canary':
      return stable ? strategy.stableMetadata : strategy.canaryMetadata;
    case 'BlueGreen':
      return stable ? strategy.activeMetadata : strategy.previewMetadata;
    case 'RollingUpdate':
      return { labels: {}, annotations: {} };
    default:
      return strategy satisfies never;
  }
}

/** A ReplicaSet of ours without a revision: nothing is known of it, so nothing is done to it. */
function strangers({ children }: Observation): readonly KubeObject[] {
  return objectsOf(children, REPLICA_SET)
    .filter(({ metadata }) => !metadata.labels?.[REVISION_LABEL])
    .map(asLastApplied);
}
