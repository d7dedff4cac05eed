import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { STORMSERVICE_LABEL } from '../../schema/names.js';
import { type Discovery, type KindKey, STORM_SERVICE } from '../cluster/kinds.js';
import type { UpdateMethod } from './childApplier.js';
import type { HookVersion } from './envelope.js';

export interface ChildKind {
  readonly kind: KindKey;
  readonly method: UpdateMethod;
}

const METADATA = {
  uid: '00000000-0000-4000-8000-000000000001',
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
};

export interface CompositeOptions {
  readonly childKinds: readonly ChildKind[];
  readonly hookVersion: HookVersion;
  readonly ignoreStatusChanges: boolean;
}

/** The CompositeController as it stands in every request that it sends. */
export function compositeController(
  discovery: Discovery,
  { childKinds: children, hookVersion: version, ignoreStatusChanges }: CompositeOptions,
): KubeObject {
  const parent = discovery.kind(STORM_SERVICE);
  return controllerObject('CompositeController', 'stormservice', {
    parentResource: {
      apiVersion: parent.apiVersion,
      resource: parent.resource,
      ...(ignoreStatusChanges && { ignoreStatusChanges }),
    },
    childResources: children.map(({ kind, method }) => {
      const { apiVersion, resource } = discovery.kind(kind);
      return { apiVersion, resource, updateStrategy: { method, statusChecks: {} } };
    }),
    hooks: {
      customize: { version, webhook: { url: 'http://stormservice-rollouts/customize' } },
      sync: { version, webhook: { url: 'http://stormservice-rollouts/sync', timeout: '10s' } },
    },
    generateSelector: true,
  });
}

/** The DecoratorController of an annotation as it stands in every request that it sends. */
export function decoratorController(discovery: Discovery, annotation: string, version: HookVersion): KubeObject {
  const { apiVersion, resource } = discovery.kind(STORM_SERVICE);
  const annotationSelector = { matchExpressions: [{ key: annotation, operator: 'Exists' }] };
  return controllerObject('DecoratorController', annotation.replace('aibrix.io/', 'stormservice-'), {
    resources: [{ apiVersion, resource, annotationSelector }],
    hooks: { sync: { version, webhook: { url: 'http://stormservice-rollouts/decorate' } } },
  });
}

/** The DecoratorController of pods: metacontroller/components/pod-metadata. */
export function podDecoratorController(version: HookVersion): KubeObject {
  const matchExpressions = [{ key: STORMSERVICE_LABEL, operator: 'Exists' }];
  return controllerObject('DecoratorController', 'stormservice-pods', {
    resources: [{ apiVersion: 'v1', resource: 'pods', labelSelector: { matchExpressions } }],
    hooks: {
      customize: { version, webhook: { url: 'http://stormservice-rollouts/customize-pods' } },
      sync: { version, webhook: { url: 'http://stormservice-rollouts/decorate-pods' } },
    },
  });
}

function controllerObject(kind: string, name: string, spec: JsonObject): KubeObject {
  const apiVersion = 'metacontroller.k8s.io/v1alpha1';
  const applied = JSON.stringify({ apiVersion, kind, metadata: { annotations: {}, name }, spec });
  return {
    kind,
    apiVersion,
    metadata: {
      name,
      ...METADATA,
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `${applied}\n` },
      managedFields: [{ manager: 'kubectl-client-side-apply', operation: 'Update', time: METADATA.creationTimestamp }],
    },
    spec,
    status: {},
  };
}
