import { describe, expect, it } from 'vitest';
import { stormService } from '../../../test/fakeHook.js';
import { REPLICA_SET, SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { seededRandom } from '../random.js';
import { VirtualClock } from '../time/virtualClock.js';
import type { Refusal } from './apiError.js';
import { Cluster } from './cluster.js';
import { KINDS, STORM_SERVICE } from './kinds.js';
import type { Write } from './store.js';

function cluster() {
  return new Cluster({ clock: new VirtualClock(), random: seededRandom(1), kinds: KINDS });
}

const named = (kind: string, apiVersion: string, name: string, content: JsonObject): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  ...content,
});

const service = (spec: JsonObject) => named('Service', 'v1', 'web', { spec });
const replicaSet = (spec: JsonObject) =>
  named('ReplicaSet', 'apps/v1', 'web', {
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
      ...spec,
    },
  });

const reasonOf = (act: () => unknown): Refusal | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as { reason?: Refusal }).reason;
  }
};

describe('the API server', () => {
  it('gives a uid, a version, a time, and counts changes of the spec', () => {
    const server = cluster();
    const created = server.create(stormService(1), 'kubectl');
    expect(created.metadata).toMatchObject({
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    });
    const labelled = server.update({ ...created, metadata: { ...created.metadata, labels: { a: 'b' } } }, 'kubectl');
    expect(labelled.metadata).toMatchObject({ uid: created.metadata.uid, generation: 1, resourceVersion: '2' });
    const scaled = server.update({ ...labelled, spec: { replicas: 2 } }, 'kubectl');
    expect(scaled.metadata).toMatchObject({ generation: 2, resourceVersion: '3' });
    const reported = server.updateStatus({ ...scaled, status: { ok: true }, spec: { replicas: 9 } }, 'metacontroller');
    expect(reported).toMatchObject({ spec: { replicas: 2 }, status: { ok: true }, metadata: { generation: 2 } });
    expect(server.update({ ...reported, status: { ok: false } }, 'kubectl')).toBe(reported);
  });

  it('fills in what it fills in', () => {
    const server = cluster();
    const { spec } = server.create(service({ ports: [{ port: 80 }] }), 'kubectl') as KubeObject & { spec: JsonObject };
    expect(spec).toMatchObject({ type: 'ClusterIP', clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] });
    expect(spec['ports']).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    const { metadata, ...rest } = server.create(replicaSet({}), 'kubectl');
    expect(rest).toMatchObject({
      spec: {
        replicas: 1,
        template: { spec: { restartPolicy: 'Always', containers: [{ imagePullPolicy: 'Always', resources: {} }] } },
      },
      status: { replicas: 0 },
    });
    expect(metadata.generation).toBe(1);
    expect(server.get(SERVICE, 'default/web')?.metadata.generation).toBeUndefined();
  });

  it('refuses what is stale, taken, gone or invalid', () => {
    const server = cluster();
    const first = server.create(service({ ports: [{ port: 80 }] }), 'kubectl');
    server.create(replicaSet({}), 'kubectl');
    server.update({ ...first, metadata: { ...first.metadata, labels: { a: 'b' } } }, 'kubectl');
    const label = JSON.parse('{"on": true}');
    const table: readonly (readonly [Refusal, () => unknown])[] = [
      ['Conflict', () => server.update(first, 'x')],
      ['AlreadyExists', () => server.create(first, 'x')],
      ['NotFound', () => server.updateStatus(stormService(), 'x')],
      ['NotFound', () => server.remove(SERVICE, 'default/none', 'x')],
      ['Conflict', () => server.remove(SERVICE, 'default/web', 'x', 'another-uid')],
      ['NoKind', () => server.create(named('Gateway', 'example.com/v1', 'g', {}), 'x')],
      ['Invalid', () => server.update(service({ clusterIP: '10.0.0.9', ports: [{ port: 80 }] }), 'x')],
      ['Invalid', () => server.update(replicaSet({ selector: { matchLabels: { other: 'x' } } }), 'x')],
      ['Invalid', () => server.create(named('Service', 'v1', '1-starts-with-a-digit', {}), 'x')],
      [
        'Invalid',
        () => server.create(named('Service', 'v1', 'two', { spec: { ports: [{ port: 1 }, { port: 2 }] } }), 'x'),
      ],
      [
        'Invalid',
        () => server.create({ ...stormService(), metadata: { name: 'a', namespace: 'b', labels: label } }, 'x'),
      ],
    ];
    expect(table.map(([, act]) => reasonOf(act))).toEqual(table.map(([reason]) => reason));
  });

  it('never lets the data of a ControllerRevision change', () => {
    const server = cluster();
    const created = server.create(named('ControllerRevision', 'apps/v1', 'r', { data: { a: 1 }, revision: 1 }), 'x');
    expect(reasonOf(() => server.update({ ...created, data: { a: 2 } }, 'x'))).toBe('Invalid');
    expect(server.update({ ...created, revision: 2 }, 'x')['revision']).toBe(2);
  });

  it('tells watchers of every change, and can list as it was before the last ones', () => {
    const server = cluster();
    const writes: Write[] = [];
    server.watch(write => writes.push(write));
    const created = server.create(stormService(1), 'kubectl');
    server.update({ ...created, spec: { replicas: 2 } }, 'kubectl');
    server.remove(STORM_SERVICE, 'default/my-app', 'kubectl');
    expect(writes.map(({ verb }) => verb)).toEqual(['create', 'update', 'delete']);
    const replicas = (changesAgo: number) =>
      server.listEarlier(STORM_SERVICE, changesAgo).map(({ spec }) => (spec as { replicas: number }).replicas);
    expect([0, 1, 2, 3, 4].map(replicas)).toEqual([[], [2], [1], [], []]);
  });

  it('applies from the server side: creates, merges, and writes nothing for the same again', () => {
    const server = cluster();
    const created = server.apply(replicaSet({ replicas: 2 }), 'metacontroller');
    expect(created.metadata).toMatchObject({ generation: 1, uid: expect.any(String) });
    expect(server.apply(replicaSet({ replicas: 2 }), 'metacontroller')).toBe(created);
    const scaled = server.apply(replicaSet({ replicas: 3 }), 'metacontroller');
    expect(scaled.metadata).toMatchObject({ generation: 2, uid: created.metadata.uid });
    expect(server.get(REPLICA_SET, 'default/web')).toBe(scaled);
    const twice = { name: 'A', value: '1' };
    const spec = { containers: [{ name: 'web', env: [twice, twice] }] };
    const template = { metadata: { labels: { app: 'web' } }, spec };
    expect(reasonOf(() => server.apply(replicaSet({ template }), 'metacontroller'))).toBe('Invalid');
  });
});
