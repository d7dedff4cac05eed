import type { CustomizeAnswer, Hook, RelatedRule, SyncAnswer, SyncRequest } from '../src/metacontroller/hook.js';
import type { KubeObject } from '../src/metacontroller/object.js';
import type { JsonObject } from '../src/schema/json.js';

export const stormService = (replicas = 3, image = 'nginx:1.27', name = 'my-app'): KubeObject => ({
  apiVersion: 'orchestration.aibrix.io/v1alpha1',
  kind: 'StormService',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
    },
  },
});

/** A child of a StormService with the labels that the fake hook gives. */
export function child(
  parent: KubeObject,
  kind: string,
  apiVersion: string,
  name: string,
  content: JsonObject,
): KubeObject {
  const { namespace = 'default' } = parent.metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels: { app: parent.metadata.name } }, ...content };
}

/** One ReplicaSet named after the image's tag, one Service: recreates pods on every change of the image. */
export function childrenOf(parent: KubeObject): readonly KubeObject[] {
  const { name } = parent.metadata;
  const spec = parent['spec'] as { replicas: number; template: { spec: { containers: { image: string }[] } } };
  const revision = spec.template.spec.containers[0]!.image.split(':')
    .at(-1)!
    .replace(/[^a-z0-9]/g, '-');
  const labels = { app: name, revision };
  return [
    child(parent, 'ReplicaSet', 'apps/v1', `${name}-${revision}`, {
      spec: {
        replicas: spec.replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: spec.template.spec },
      },
    }),
    child(parent, 'Service', 'v1', name, {
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    }),
  ];
}

export interface FakeHook extends Hook {
  readonly requests: readonly SyncRequest[];
  readonly customized: number;
  /** Replaces the answer of the next syncs. */
  answer: (request: SyncRequest) => SyncAnswer | Promise<SyncAnswer>;
  rules: (parent: KubeObject) => readonly RelatedRule[];
  decorate: Hook['decorate'];
}

/** A hook of a few lines, which records what it is asked. */
export function fakeHook(answer: FakeHook['answer'] = settled): FakeHook {
  const requests: SyncRequest[] = [];
  let customized = 0;
  const hook: FakeHook = {
    requests,
    get customized() {
      return customized;
    },
    answer,
    rules: () => [],
    sync: async request => {
      requests.push(request);
      return hook.answer(request);
    },
    customize: async ({ parent }): Promise<CustomizeAnswer> => {
      customized += 1;
      return { relatedResources: hook.rules(parent) };
    },
    decorate: async () => ({ annotations: {}, attachments: [] }),
    customizePod: async () => ({ relatedResources: [] }),
    decoratePod: async () => ({ annotations: {}, attachments: [] }),
  };
  return hook;
}

function settled({ parent, children }: SyncRequest): SyncAnswer {
  const replicaSets = Object.values(children['ReplicaSet.apps/v1'] ?? {});
  const available = replicaSets.map(({ status }) => (status as { availableReplicas?: number }).availableReplicas ?? 0);
  return {
    status: { availableReplicas: available.reduce((sum, pods) => sum + pods, 0) },
    children: childrenOf(parent),
  };
}
