import { describe, expect, it } from 'vitest';
import { fakeHook } from '../../../test/fakeHook.js';
import { asVersion1, fixture } from '../../../test/fixture.js';
import type { DecorateRequest, RelatedRule, SyncRequest } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { asLastApplied } from '../../metacontroller/unchanged.js';
import { CORE_CHILDREN, createSandbox } from '../sandbox.js';
import type { HookVersion } from './envelope.js';

/** Who owned which field, and what the recording hook wrote into status, is no part of the format. */
const OPAQUE = /\.managedFields$|^\.(parent|object)\.status$/;

/** Every place in a value, as paths. Items of a list are one place. */
function shape(value: unknown, path = ''): readonly string[] {
  if (OPAQUE.test(path) || typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return [path, ...value.flatMap(item => shape(item, `${path}[]`))];
  return [path, ...Object.entries(value).flatMap(([key, member]) => shape(member, `${path}.${key}`))];
}

function difference(recorded: unknown, sent: unknown): readonly string[] {
  const [wanted, found] = [new Set(shape(recorded)), new Set(shape(sent))];
  return [
    ...[...wanted].filter(path => !found.has(path)).map(path => `missing ${path}`),
    ...[...found].filter(path => !wanted.has(path)).map(path => `added ${path}`),
  ];
}

/** The smallest difference that any of the requests has from the recorded one. */
function nearest(recorded: unknown, sent: readonly unknown[]): readonly string[] {
  const differences = sent.map(request => difference(recorded, request));
  return differences.reduce(
    (best, next) => (next.length < best.length ? next : best),
    differences[0] ?? ['nothing sent'],
  );
}

/** What the recorded hook returned at that moment, without what Metacontroller added. */
function returned({ children }: SyncRequest): readonly KubeObject[] {
  return Object.values(children).flatMap(group =>
    Object.values(group).map(observed => {
      const child = asLastApplied(observed);
      const { 'controller-uid': _, ...labels } = child.metadata.labels ?? {};
      return { ...child, metadata: { ...child.metadata, labels } };
    }),
  );
}

/** The StormService of the fixtures as kubectl applied it. */
function applied(): KubeObject {
  const { annotations } = fixture('customize').parent.metadata;
  return JSON.parse(annotations?.['kubectl.kubernetes.io/last-applied-configuration'] ?? '');
}

const RULES: readonly RelatedRule[] = [
  { apiVersion: 'rbac.authorization.k8s.io/v1', resource: 'clusterroles', names: ['view'] },
  { apiVersion: 'v1', resource: 'secrets', namespace: 'default', names: ['s1'] },
  { apiVersion: 'v1', resource: 'services', namespace: 'default', names: ['my-app'] },
];

/** The recorded story again: a first rollout, another image, an approval. */
async function replay(hookVersion: HookVersion) {
  const [stable, canary] = [returned(fixture('sync-stable')), returned(fixture('sync-canary-available'))];
  const hook = fakeHook(({ parent }) => ({
    status: { consumed: [], replicas: 3 },
    children: JSON.stringify(parent['spec']).includes('nginx:1.28') ? canary : stable,
  }));
  hook.rules = () => RULES;
  const decorated: DecorateRequest[] = [];
  hook.decorate = async request => {
    decorated.push(request);
    return { annotations: {}, attachments: [] };
  };
  const sandbox = createSandbox({
    hook,
    hookVersion,
    decorators: ['aibrix.io/rollout-approve'],
    ignoreStatusChanges: false,
    childKinds: [
      ...CORE_CHILDREN,
      { kind: 'HTTPRoute.gateway.networking.k8s.io/v1', method: 'InPlace' },
      { kind: 'VirtualService.networking.istio.io/v1', method: 'InPlace' },
    ],
  });
  const related = fixture('sync-first').related ?? {};
  const preset = Object.values(related).flatMap(group => Object.values(group));
  for (const object of preset) sandbox.cluster.create(object, 'kubectl-create');
  await sandbox.apply(applied());
  await sandbox.advance(60);
  await sandbox.setImage('my-app', 'web', 'nginx:1.28');
  await sandbox.advance(60);
  await sandbox.annotate('my-app', 'aibrix.io/rollout-approve', 'true');
  await sandbox.advance(60);
  return { requests: hook.requests, decorated };
}

describe('requests have the shape that a real Metacontroller sends', async () => {
  const { requests, decorated } = await replay('v2');

  it.each(['sync-first', 'sync-stable', 'sync-canary-starting', 'sync-canary-available', 'sync-approve'] as const)(
    '%s',
    name => {
      expect(nearest(fixture(name), requests)).toEqual([]);
    },
  );

  it('decorate-approve', () => {
    expect(nearest(fixture('decorate-approve'), decorated)).toEqual([]);
  });

  it('customize', async () => {
    const hook = fakeHook();
    const asked: unknown[] = [];
    const customize = async (request: unknown) => {
      asked.push(request);
      return { relatedResources: [] };
    };
    const sandbox = createSandbox({
      hook: { ...hook, customize },
      ignoreStatusChanges: false,
      childKinds: [
        ...CORE_CHILDREN,
        { kind: 'HTTPRoute.gateway.networking.k8s.io/v1', method: 'InPlace' },
        { kind: 'VirtualService.networking.istio.io/v1', method: 'InPlace' },
      ],
    });
    await sandbox.apply(applied());
    await sandbox.advance(1);
    expect(asked).toHaveLength(1);
    expect(nearest(fixture('customize'), asked)).toEqual([]);
  });

  it('and notices a difference', () => {
    const { finalizing: _, ...less } = fixture('sync-first');
    expect(nearest({ ...fixture('sync-first'), more: 1 }, requests)).toEqual(['missing .more']);
    expect(nearest(less, requests)).toEqual(['added .finalizing']);
  });
});

describe('version 1', async () => {
  const { requests } = await replay('v1');

  it('names objects by name alone and leaves cluster-scoped ones out', () => {
    const { children, related } = fixture('sync-canary-available');
    const recorded = { children: asVersion1(children), related: asVersion1(related ?? {}) };
    const sent = requests.map(request => ({ children: request.children, related: request.related }));
    expect(nearest(recorded, sent)).toEqual([]);
    expect(recorded.related).toHaveProperty(['ClusterRole.rbac.authorization.k8s.io/v1'], {});
  });
});
