import { describe, expect, it } from 'vitest';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { watchPromises } from './promises.js';
import {
  annotate,
  conditionOf,
  healthy,
  loseStatus,
  podsByImage,
  rolloutOf,
  statusOf,
  stormService,
  untilPhase,
  world,
} from './world.js';

const REPLICA_SET = 'ReplicaSet.apps/v1';
const RECORD = 'ControllerRevision.apps/v1';
const GATE = { canary: { steps: [{ setWeight: 50 }, { pause: true }] } };

async function atGate() {
  const sandbox = await healthy({ replicas: 10, rolloutStrategy: GATE });
  const promises = watchPromises(sandbox);
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilPhase(sandbox, 'Paused');
  const { stableRevision, updatedRevision } = await rolloutOf(sandbox);
  return { sandbox, promises, stable: `my-app-${stableRevision}`, updated: `my-app-${updatedRevision}` };
}

describe('what somebody deletes', () => {
  it('the stable ReplicaSet is rebuilt from its record, in the size of the weight', async () => {
    const { sandbox, promises, stable } = await atGate();
    await sandbox.delete(REPLICA_SET, stable);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(promises.broken).toEqual([]);
  });

  it('an abort after that brings the whole service back', async () => {
    const { sandbox, promises, stable } = await atGate();
    await sandbox.delete(REPLICA_SET, stable);
    await annotate(sandbox, 'abort', 'true');
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('the ReplicaSet of the canary is rebuilt, and its record, and Services', async () => {
    const { sandbox, promises, updated } = await atGate();
    await sandbox.delete(REPLICA_SET, updated);
    await sandbox.delete(RECORD, updated);
    await sandbox.delete('Service.v1', 'my-app');
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    expect((await sandbox.list(RECORD)).map(({ metadata }) => metadata.name)).toContain(updated);
    expect(await sandbox.endpoints('my-app')).toHaveLength(10);
    expect(promises.broken).toEqual([]);
  });

  it('the record of stable: its pods stay, and a template of theirs is asked of nobody', async () => {
    const { sandbox, promises, stable } = await atGate();
    await sandbox.delete(RECORD, stable);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
    await annotate(sandbox, 'abort', 'true');
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('all that is left of stable: the gate holds all the same, and a full promotion leads out', async () => {
    const { sandbox, promises, stable } = await atGate();
    await sandbox.delete(RECORD, stable);
    await sandbox.delete(REPLICA_SET, stable);
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 5 });
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Degraded',
      currentStepIndex: 1,
      message: expect.stringMatching(/^the stable revision \S+ is lost: .*rollout-promote=full/),
    });
    expect(await conditionOf(sandbox, 'Progressing')).toMatchObject({ status: 'False', reason: 'StableLost' });
    expect(await conditionOf(sandbox, 'Available')).toMatchObject({ status: 'False' });
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 10 });
    expect(promises.broken).toEqual([]);
  });

  it.each([
    ['canary', { canary: { steps: [{ setWeight: 20 }, { setWeight: 60 }] } }],
    ['blue-green', { blueGreen: { autoPromotionEnabled: false, previewReplicaCount: 1 } }],
  ])(
    'all of stable and the pods of the new revision: those come back, and it says what to do: %s',
    async (_, strategy) => {
      const sandbox = await healthy({ replicas: 5, rolloutStrategy: strategy });
      await sandbox.setImage('my-app', 'web', 'app:2');
      await sandbox.eventually('a new pod', async () => (await podsByImage(sandbox))['app:2'] === 1);
      const { stableRevision, updatedRevision } = await rolloutOf(sandbox);
      await sandbox.delete(RECORD, `my-app-${stableRevision}`);
      await sandbox.delete(REPLICA_SET, `my-app-${stableRevision}`);
      await sandbox.delete(REPLICA_SET, `my-app-${updatedRevision}`);
      await sandbox.advance(60);
      expect(await podsByImage(sandbox)).toEqual({ 'app:2': 1 });
      expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', message: expect.stringMatching(/is lost/) });
      await annotate(sandbox, 'promote', 'full');
      await untilPhase(sandbox, 'Healthy');
      expect(await podsByImage(sandbox)).toEqual({ 'app:2': 5 });
    },
  );

  it('all of stable: the template of before brings it back', async () => {
    const { sandbox, stable } = await atGate();
    await sandbox.delete(RECORD, stable);
    await sandbox.delete(REPLICA_SET, stable);
    await sandbox.advance(10);
    await sandbox.setImage('my-app', 'web', 'app:1');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });

  it('everything at once comes back', async () => {
    const sandbox = await healthy({ replicas: 3, rolloutStrategy: { blueGreen: {} } });
    for (const kind of [REPLICA_SET, RECORD, 'Service.v1']) {
      for (const { metadata } of await sandbox.list(kind)) await sandbox.delete(kind, metadata.name);
    }
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 3 });
    expect(await sandbox.endpoints('my-app-active')).toHaveLength(3);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
  });

  it.each([0, 3, 8])('a ReplicaSet that somebody scaled to %i goes back to its size', async replicas => {
    const { sandbox, stable } = await atGate();
    const object = (await sandbox.get(REPLICA_SET, stable))!;
    sandbox.cluster.update({ ...object, spec: { ...(object['spec'] as object), replicas } }, 'somebody');
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 5, 'app:2': 5 });
  });
});

describe('status lost altogether', () => {
  it.each<[string, (sandbox: Sandbox) => Promise<void>, Record<string, number>]>([
    ['at rest', async () => {}, { 'app:1': 10 }],
    [
      'at the gate',
      async sandbox => {
        await sandbox.setImage('my-app', 'web', 'app:2');
        await untilPhase(sandbox, 'Paused');
      },
      { 'app:1': 5, 'app:2': 5 },
    ],
  ])('%s it is where it was', async (_, prepare, pods) => {
    const sandbox = await healthy({ replicas: 10, rolloutStrategy: GATE });
    const promises = watchPromises(sandbox);
    await prepare(sandbox);
    const before = await rolloutOf(sandbox);
    await loseStatus(sandbox);
    await sandbox.advance(30);
    const { pause: _then, ...after } = await rolloutOf(sandbox);
    const { pause: _now, ...expected } = before;
    expect(after).toEqual(expected);
    expect(await podsByImage(sandbox)).toEqual(pods);
    expect(promises.broken).toEqual([]);
  });
});

describe('running pods', () => {
  it('keep their template and selector when the hook that made them had other labels', async () => {
    const sandbox = await healthy({ replicas: 2 });
    const [before] = await sandbox.list(REPLICA_SET);
    const pods = (await sandbox.pods()).map(({ name }) => name);
    await sandbox.patch('my-app', { metadata: { labels: { team: 'a' } }, spec: { minReadySeconds: 3, replicas: 3 } });
    await sandbox.advance(30);
    const [after] = await sandbox.list(REPLICA_SET);
    expect(after?.['spec']).toEqual({ ...(before?.['spec'] as object), replicas: 3, minReadySeconds: 3 });
    expect((await sandbox.pods()).map(({ name }) => name)).toEqual(expect.arrayContaining(pods));
  });
});

describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('names of others with %s', applyStrategy => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'my-app', namespace: 'default' },
    spec: { ports: [{ port: 443 }], selector: { app: 'other' } },
  };
  const neighbour = stormService({ replicas: 1, service: { name: 'my-app' } });

  it.each([
    ['exists and has no controller', service, { app: 'other' }],
    [
      'is controlled by StormService corner',
      { ...neighbour, metadata: { ...neighbour.metadata, name: 'corner' } },
      { 'orchestration.aibrix.io/stormservice': 'corner' },
    ],
  ])('a Service that %s stays unchanged and is named', async (state, other, selector) => {
    const sandbox = world({ applyStrategy });
    await sandbox.apply(other);
    await sandbox.advance(5);
    await sandbox.apply(stormService({ replicas: 2 }));
    await sandbox.advance(120);
    expect((await sandbox.get('Service.v1', 'my-app'))?.['spec']).toMatchObject({ selector });
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toMatchObject({
      reason: 'NameTaken',
      message: expect.stringContaining(`Service my-app ${state}`),
    });
    expect(await podsByImage(sandbox)).toMatchObject({ 'app:1': other === service ? 2 : 3 });
    await sandbox.delete(other.kind === 'Service' ? 'Service.v1' : STORM_SERVICE, other.metadata.name);
    await sandbox.advance(330);
    expect(await sandbox.endpoints('my-app')).toHaveLength(2);
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toBeUndefined();
  });

  it('children left behind by delete --cascade=orphan are reported, and taken over as the condition says', async () => {
    const sandbox = await healthy({ replicas: 2 }, { applyStrategy });
    const before = (await sandbox.pods()).map(({ name }) => name);
    await sandbox.delete(STORM_SERVICE, 'my-app', 'orphan');
    await sandbox.advance(5);
    await sandbox.apply(stormService({ replicas: 2 }));
    await sandbox.advance(30);
    expect((await sandbox.pods()).map(({ name }) => name)).toEqual(before);
    const condition = await conditionOf(sandbox, 'ReplicaFailure');
    expect(condition).toMatchObject({
      reason: 'NameTaken',
      message: expect.stringContaining('left over from an earlier'),
    });
    const remedies = (condition?.message ?? '').matchAll(/kubectl label (\w+) (\S+) controller-uid=(\S+) --overwrite/g);
    const kinds: Record<string, string> = {
      service: 'Service.v1',
      replicaset: REPLICA_SET,
      controllerrevision: RECORD,
    };
    for (const [, kind = '', name = '', uid = ''] of remedies) {
      const object = (await sandbox.get(kinds[kind] ?? '', name))!;
      const labels = { ...object.metadata.labels, 'controller-uid': uid };
      sandbox.cluster.update({ ...object, metadata: { ...object.metadata, labels } }, 'kubectl-label');
    }
    await sandbox.advance(330);
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toBeUndefined();
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
    expect((await sandbox.pods()).map(({ name }) => name)).toEqual(before);
  });
});

describe('a child that cannot be made', () => {
  it('is a condition after 10 s, with one status write for each change', async () => {
    let refused = true;
    const sandbox = world({
      faults: () => ({ refuse: ({ child }) => refused && child.kind === 'Service' }),
    });
    await sandbox.apply(stormService({ replicas: 2 }));
    await sandbox.advance(8);
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toBeUndefined();
    expect((await statusOf(sandbox))['missing']).toMatchObject([{ kind: 'Service', name: 'my-app' }]);
    await sandbox.advance(6);
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toMatchObject({
      reason: 'ChildMissing',
      message: expect.stringContaining('Service my-app'),
    });
    const writes = sandbox.writes.byKind['status'];
    await sandbox.advance(300);
    expect(sandbox.writes.byKind['status']).toBe(writes);
    refused = false;
    await sandbox.advance(1000);
    expect(await conditionOf(sandbox, 'ReplicaFailure')).toBeUndefined();
    expect((await statusOf(sandbox))['missing']).toBeUndefined();
  });
});
