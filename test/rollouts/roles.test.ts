import { describe, expect, it } from 'vitest';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import type { PodFates } from '../../src/sandbox/cluster/pod.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { watchPromises } from './promises.js';
import { annotate, rolloutOf, type Spec, statusOf, stormService, untilMessage, untilPhase, world } from './world.js';

interface Role {
  readonly name: string;
  readonly replicas?: number;
  readonly upgradeOrder?: number;
  readonly podGroupSize?: number;
}

const PREFILL_DECODE: readonly Role[] = [
  { name: 'prefill', replicas: 1 },
  { name: 'decode', replicas: 2 },
];

function serving(spec: Spec, roles: readonly Role[], version: string) {
  const template = {
    spec: {
      roles: roles.map(role => ({
        ...role,
        template: {
          metadata: { labels: { app: 'llm' } },
          spec: {
            containers: [{ name: 'engine', image: `${role.name}:${version}`, ports: [{ containerPort: 8000 }] }],
          },
        },
      })),
    },
  };
  return stormService({ ...spec, template });
}

async function healthyRoles(spec: Spec, roles = PREFILL_DECODE, options: Parameters<typeof world>[0] = {}) {
  const sandbox = world(options);
  await sandbox.apply(serving(spec, roles, '1'));
  await untilPhase(sandbox, 'Healthy');
  const promises = watchPromises(sandbox);
  const update = (version: string, changed = roles) => sandbox.apply(serving(spec, changed, version));
  return { sandbox, promises, update };
}

/** Wanted pods by image. */
async function wanted(sandbox: Sandbox): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const set of await sandbox.list('ReplicaSet.apps/v1')) {
    const spec = set['spec'] as { replicas: number; template: { spec: { containers: [{ image: string }] } } };
    if (spec.replicas > 0) counts[spec.template.spec.containers[0].image] = spec.replicas;
  }
  return counts;
}

const slow =
  (image: RegExp, startupSeconds: number): PodFates =>
  pod =>
    image.test(JSON.stringify(pod.spec)) ? { fate: 'healthy', startupSeconds } : { fate: 'healthy', startupSeconds: 1 };

const HALF = { rolloutStrategy: { canary: { steps: [{ setWeight: 50 }, { pause: true }] } } };

describe('several roles', () => {
  it.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('roll out in proportion, %s', async applyStrategy => {
    const { sandbox, promises, update } = await healthyRoles({ replicas: 4, ...HALF }, PREFILL_DECODE, {
      applyStrategy,
    });
    expect(await wanted(sandbox)).toEqual({ 'prefill:1': 4, 'decode:1': 8 });
    expect(await statusOf(sandbox)).toMatchObject({
      replicas: 4,
      readyReplicas: 4,
      availableReplicas: 4,
      updatedReplicas: 4,
    });
    await update('2');
    await sandbox.advance(0.1);
    await untilPhase(sandbox, 'Paused');
    expect(await wanted(sandbox)).toEqual({ 'prefill:1': 2, 'decode:1': 4, 'prefill:2': 2, 'decode:2': 4 });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await wanted(sandbox)).toEqual({ 'prefill:2': 4, 'decode:2': 8 });
    expect(promises.broken).toEqual([]);
  });

  it('one that lags holds the step and is named', async () => {
    const { sandbox, update } = await healthyRoles({ replicas: 4, ...HALF }, PREFILL_DECODE, {
      fates: slow(/decode:2/, 300),
    });
    await update('2');
    await untilMessage(sandbox, /blocked by role decode: \d of \d pods/);
    await sandbox.advance(100);
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Progressing',
      currentStepIndex: 0,
      message: expect.stringContaining('waiting for canary: 0 of 2 role sets available, blocked by role decode:'),
    });
    await untilPhase(sandbox, 'Paused', 1000);
  });

  it('grow in upgradeOrder, one without it last', async () => {
    const roles = [{ name: 'router' }, { name: 'decode', upgradeOrder: 2 }, { name: 'prefill', upgradeOrder: 1 }];
    const { sandbox, update } = await healthyRoles(
      { replicas: 2, rolloutStrategy: { canary: { maxSurge: '100%', steps: [{ pause: true }, { setWeight: 100 }] } } },
      roles,
    );
    await update('2');
    await sandbox.advance(0.1);
    await untilPhase(sandbox, 'Paused');
    const order: string[] = [];
    sandbox.cluster.watch(({ kind, after }) => {
      if (kind !== 'ReplicaSet.apps/v1' || !after) return;
      const { replicas, template } = after['spec'] as {
        replicas: number;
        template: { spec: { containers: [{ image: string }] } };
      };
      const { image } = template.spec.containers[0];
      if (replicas > 0 && image.endsWith(':2') && !order.includes(image)) order.push(image);
    });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(order).toEqual(['prefill:2', 'decode:2', 'router:2']);
  });

  it('of stable are rebuilt in the same order', async () => {
    const roles = [{ name: 'router' }, { name: 'prefill', upgradeOrder: 1 }];
    const { sandbox, update } = await healthyRoles({ replicas: 2, ...HALF }, roles);
    await update('2');
    await sandbox.advance(0.1);
    await untilPhase(sandbox, 'Paused');
    const { stableRevision } = await rolloutOf(sandbox);
    const order: string[] = [];
    sandbox.cluster.watch(({ kind, after }) => {
      const replicas = (after?.['spec'] as { replicas?: number } | undefined)?.replicas ?? 0;
      const name = after?.metadata.name ?? '';
      if (kind === 'ReplicaSet.apps/v1' && replicas > 0 && name.endsWith(stableRevision ?? '') && !order.includes(name))
        order.push(name);
    });
    for (const role of ['router', 'prefill'])
      await sandbox.delete('ReplicaSet.apps/v1', `my-app-${role}-${stableRevision}`);
    await sandbox.advance(30);
    expect(order).toEqual([`my-app-prefill-${stableRevision}`, `my-app-router-${stableRevision}`]);
  });

  it('blue-green switches only when every role is whole', async () => {
    const { sandbox, promises, update } = await healthyRoles(
      { replicas: 3, rolloutStrategy: { blueGreen: {} } },
      PREFILL_DECODE,
      {
        fates: slow(/prefill:2/, 120),
      },
    );
    await update('2');
    await sandbox.advance(60);
    const images = async () =>
      new Set((await sandbox.endpoints('my-app-active')).map(({ spec }) => JSON.stringify(spec).match(/:(\d)"/)?.[1]));
    expect(await images()).toEqual(new Set(['1']));
    await untilPhase(sandbox, 'Healthy');
    expect(await images()).toEqual(new Set(['2']));
    expect(promises.broken).toEqual([]);
  });

  it('another role in a new revision, and one less, are rolled out like any other', async () => {
    const { sandbox, promises, update } = await healthyRoles({
      replicas: 2,
      rolloutStrategy: { rollingUpdate: { maxSurge: 1 } },
    });
    await update('2', [{ name: 'decode', replicas: 3 }, { name: 'router' }]);
    await sandbox.advance(0.1);
    await untilPhase(sandbox, 'Healthy');
    expect(await wanted(sandbox)).toEqual({ 'decode:2': 6, 'router:2': 2 });
    expect(promises.broken).toEqual([]);
  });

  it('podGroupSize multiplies pods, and spec.replicas scales whole sets', async () => {
    const { sandbox, promises } = await healthyRoles({ replicas: 2 }, [
      { name: 'decode', replicas: 2, podGroupSize: 3 },
      { name: 'router' },
    ]);
    expect(await wanted(sandbox)).toEqual({ 'decode:1': 12, 'router:1': 2 });
    await sandbox.scale('my-app', 1);
    await sandbox.advance(10);
    expect(await wanted(sandbox)).toEqual({ 'decode:1': 6, 'router:1': 1 });
    expect(promises.broken).toEqual([]);
  });

  it('a role of 0 replicas runs no pods and holds nothing', async () => {
    const { sandbox } = await healthyRoles({ replicas: 2 }, [{ name: 'decode' }, { name: 'router', replicas: 0 }]);
    expect(await wanted(sandbox)).toEqual({ 'decode:1': 2 });
  });

  it('one template becomes several roles and back', async () => {
    const { sandbox, promises } = await healthyRoles({ replicas: 2 });
    await sandbox.apply(stormService({ replicas: 2 }));
    await sandbox.advance(0.1);
    await untilPhase(sandbox, 'Healthy');
    expect(await wanted(sandbox)).toEqual({ 'app:1': 2 });
    await sandbox.apply(serving({ replicas: 2 }, PREFILL_DECODE, '3'));
    await sandbox.advance(0.1);
    await untilPhase(sandbox, 'Healthy');
    expect(await wanted(sandbox)).toEqual({ 'prefill:3': 2, 'decode:3': 4 });
    expect(promises.broken).toEqual([]);
  });
});
