import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectMeta } from '../../metacontroller/object.js';
import { asLastApplied } from '../../metacontroller/unchanged.js';
import type { JsonObject } from '../../schema/json.js';
import { DuplicateItem } from './fieldTree.js';
import { trackUpdate, type Writer } from './managedFields.js';
import { serverSideApply } from './serverSideApply.js';

const writer = { manager: 'metacontroller', operation: 'Apply', time: '2026-01-01T00:00:00Z' } as const;
const later = { ...writer, time: '2026-01-01T00:01:00Z' };
const asStored = (object: KubeObject) => object;

function object(apiVersion: string, kind: string, spec: JsonObject, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'my-app', namespace: 'default', ...metadata }, spec };
}

const create = (applied: KubeObject) => serverSideApply({ live: undefined, applied, writer, defaults: asStored });
const update = (live: KubeObject, applied: KubeObject) =>
  serverSideApply({ live, applied, writer: later, defaults: asStored });

/** Another writer's update, as kubectl or a controller makes it. */
function edit(live: KubeObject, change: Partial<KubeObject>, by: Partial<Writer> = {}): KubeObject {
  const after = { ...live, ...change };
  const managedFields = trackUpdate(live, after, {
    manager: 'kubectl-edit',
    operation: 'Update',
    time: '2026-01-01T00:00:30Z',
    ...by,
  });
  return { ...after, metadata: { ...after.metadata, managedFields } };
}

const replicaSet = (replicas: number, containers: readonly JsonObject[]) =>
  object('apps/v1', 'ReplicaSet', { replicas, template: { spec: { containers } } });

describe('what dynamic apply damages comes out right', () => {
  const tcp = { containerPort: 53, protocol: 'TCP' };
  const udp = { containerPort: 53, protocol: 'UDP' };
  const refs = (stable: number, canary: number) => ({
    rules: [
      {
        name: 'main',
        backendRefs: [
          { name: 'stable', port: 80, weight: stable },
          { name: 'canary', port: 80, weight: canary },
        ],
      },
    ],
  });
  const service = (app: string) => ({
    selector: { app },
    ports: [
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  });
  const pods = (replicas: number) => ({
    replicas,
    template: { spec: { containers: [{ name: 'dns', ports: [tcp, udp] }] } },
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    ['HTTPRoute', 'gateway.networking.k8s.io/v1', refs(100, 0), refs(90, 10)],
    ['VirtualService', 'networking.istio.io/v1', { http: [{ name: 'a' }] }, { http: [{ name: 'b' }, { name: 'a' }] }],
    ['Service', 'v1', service('a'), service('b')],
    ['ReplicaSet', 'apps/v1', pods(1), pods(2)],
  ])('%s', (kind, apiVersion, before, after) => {
    const live = create(object(apiVersion, kind, before));
    expect(update(live, object(apiVersion, kind, after))['spec']).toEqual(after);
  });
});

describe('serverSideApply', () => {
  it('changes nothing when the same is applied again, not even a time', () => {
    const applied = replicaSet(1, [{ name: 'web', image: 'nginx' }]);
    const live = create(applied);
    expect(update(live, applied)).toBe(live);
    expect(update(live, asLastApplied(live))).toBe(live);
  });

  it('keeps defaults, of which nobody is the owner', () => {
    const defaults = (stored: KubeObject): KubeObject => ({
      ...stored,
      spec: { minReadySeconds: 0, ...(stored['spec'] as JsonObject) },
    });
    const applied = replicaSet(1, []);
    const live = serverSideApply({ live: undefined, applied, writer, defaults });
    expect(live['spec']).toMatchObject({ minReadySeconds: 0 });
    expect(asLastApplied(live)['spec']).toEqual(applied['spec']);
    expect(serverSideApply({ live, applied, writer, defaults })).toBe(live);
  });

  it('removes what this manager applied before and does not any more', () => {
    const live = create(
      object(
        'v1',
        'Service',
        { type: 'ClusterIP', ports: [{ port: 80, name: 'http' }, { port: 81 }] },
        { labels: { a: '1' } },
      ),
    );
    const after = update(live, object('v1', 'Service', { ports: [{ port: 80 }] }));
    expect(after['spec']).toEqual({ ports: [{ port: 80 }] });
    expect(after.metadata.labels).toBeUndefined();
  });

  it('takes defaults of an item away together with the item', () => {
    const live = create(object('v1', 'Service', { ports: [{ port: 80 }, { port: 81 }] }));
    const defaulted = {
      ...live,
      spec: { ports: [80, 81].map(port => ({ port, protocol: 'TCP' })) },
    };
    expect(update(defaulted, object('v1', 'Service', { ports: [{ port: 80 }] }))['spec']).toEqual({
      ports: [{ port: 80, protocol: 'TCP' }],
    });
  });

  it('leaves what others own: a container put in by somebody else, a label, a scaled field', () => {
    const live = create(replicaSet(1, [{ name: 'web', image: 'nginx:1' }]));
    const edited = edit(live, {
      spec: {
        replicas: 1,
        minReadySeconds: 5,
        template: { spec: { containers: [{ name: 'proxy' }, { name: 'web', image: 'nginx:1' }] } },
      },
      metadata: { ...live.metadata, labels: { theirs: 'x' } },
    });
    const after = update(edited, replicaSet(1, [{ name: 'web', image: 'nginx:2' }]));
    expect(after).toMatchObject({
      metadata: { labels: { theirs: 'x' } },
      spec: {
        minReadySeconds: 5,
        template: { spec: { containers: [{ name: 'proxy' }, { name: 'web', image: 'nginx:2' }] } },
      },
    });
  });

  it('keeps a field that both own until the last one lets go', () => {
    const live = create(object('v1', 'Service', { type: 'ClusterIP' }, { labels: { a: '1' } }));
    const shared = serverSideApply({
      live,
      applied: object('v1', 'Service', { type: 'ClusterIP' }),
      writer: { ...writer, manager: 'other' },
      defaults: asStored,
    });
    const after = update(shared, object('v1', 'Service', {}, { labels: { a: '1' } }));
    expect(after['spec']).toEqual({ type: 'ClusterIP' });
  });

  it('takes a field over by force, which its former owner loses', () => {
    const live = edit(create(replicaSet(1, [])), { spec: { replicas: 7, template: { spec: { containers: [] } } } });
    expect(JSON.stringify(live.metadata.managedFields?.[1])).toContain('f:replicas');
    const after = update(live, replicaSet(2, []));
    expect(after['spec']).toMatchObject({ replicas: 2 });
    expect(after.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['metacontroller']);
  });

  it('puts new list items where they are applied', () => {
    const live = create(replicaSet(1, [{ name: 'b' }, { name: 'c' }]));
    const after = update(live, replicaSet(1, [{ name: 'a' }, { name: 'c' }, { name: 'b' }]));
    expect(asLastApplied(after)['spec']).toMatchObject({
      template: { spec: { containers: [{ name: 'a' }, { name: 'c' }, { name: 'b' }] } },
    });
  });

  it('refuses a list in which a key repeats, and replaces a stored one', () => {
    const twice = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    const applied = replicaSet(1, [{ name: 'web', env: twice }]);
    expect(() => create(applied)).toThrow(DuplicateItem);
    const live = edit(create(replicaSet(1, [{ name: 'web' }])), { spec: applied['spec'] });
    expect(update(live, replicaSet(1, [{ name: 'web', env: [{ name: 'B' }] }]))['spec']).toEqual({
      replicas: 1,
      template: { spec: { containers: [{ name: 'web', env: [{ name: 'B' }] }] } },
    });
  });

  it('loses no member, whatever it is called', () => {
    const spec: JsonObject = JSON.parse('{"a":{"__proto__":"kept","constructor":1}}');
    expect(asLastApplied(create(object('example.com/v1', 'Any', spec)))['spec']).toEqual(spec);
  });

  it('owns exactly what was applied, whatever that is', () => {
    const spec = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 });
    fc.assert(
      fc.property(spec, spec, (first, second) => {
        const [before, after]: JsonObject[] = JSON.parse(JSON.stringify([first, second]));
        const live = create(object('example.com/v1', 'Any', before!));
        expect(asLastApplied(live)['spec']).toEqual(before);
        const applied = update(live, object('example.com/v1', 'Any', after!));
        expect(applied['spec']).toEqual(after);
        expect(asLastApplied(applied)['spec']).toEqual(after);
      }),
    );
  });
});

describe('trackUpdate', () => {
  it('says who annotated and when', () => {
    const live = create(object('orchestration.aibrix.io/v1alpha1', 'StormService', { replicas: 1 }));
    const annotated = edit(
      live,
      { metadata: { ...live.metadata, annotations: { 'aibrix.io/rollout-approve': 'true' } } },
      { manager: 'kubectl-annotate' },
    );
    expect(annotated.metadata.managedFields?.at(-1)).toEqual({
      apiVersion: 'orchestration.aibrix.io/v1alpha1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:metadata': { 'f:annotations': { '.': {}, 'f:aibrix.io/rollout-approve': {} } } },
      manager: 'kubectl-annotate',
      operation: 'Update',
      time: '2026-01-01T00:00:30Z',
    });
    const removed = edit(annotated, { metadata: live.metadata }, { manager: 'metacontroller' });
    expect(removed.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['metacontroller']);
  });

  it('keeps status apart', () => {
    const live = create(object('orchestration.aibrix.io/v1alpha1', 'StormService', { replicas: 1 }));
    const reported = edit(live, { status: { phase: 'Healthy' } }, { manager: 'metacontroller', subresource: 'status' });
    expect(reported.metadata.managedFields?.at(-1)).toMatchObject({
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:phase': {} } },
    });
  });
});
