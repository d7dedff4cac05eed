/**
 * Random scripts of what people do, under random faults of everything between them and their pods. Promises hold at
 * every write, and once the faults stop the rollout ends where the last wish says.
 */
import { describe, expect, it } from 'vitest';
import { createHook } from '../../src/hook/hook.js';
import type { ApplyStrategy, Hook } from '../../src/metacontroller/hook.js';
import { type Fault, randomFaults } from '../../src/sandbox/faults.js';
import { type Random, seededRandom } from '../../src/sandbox/random.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../src/sandbox/time/virtualClock.js';
import type { JsonObject } from '../../src/schema/json.js';
import { watchPromises } from './promises.js';
import { annotate, loseStatus, podsByImage, rolloutOf, type Spec, stormService, world } from './world.js';

const STRATEGIES: Readonly<Record<string, Spec>> = {
  canary: {
    rolloutStrategy: {
      canary: {
        steps: [
          { setWeight: 20 },
          { pause: true },
          { setWeight: 60 },
          { pause: { duration: 20 } },
          { setWeight: 80 },
          { pause: {} },
        ],
      },
    },
  },
  'canary without surge': {
    rolloutStrategy: {
      canary: { maxSurge: 0, maxUnavailable: 2, steps: [{ setWeight: 30 }, { pause: true }, { setWeight: 70 }] },
    },
  },
  'rolling update': { rolloutStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
  'blue-green': { rolloutStrategy: { blueGreen: { autoPromotionEnabled: false, scaleDownDelaySeconds: 10 } } },
  'blue-green with a small preview': {
    rolloutStrategy: { blueGreen: { autoPromotionSeconds: 15, previewReplicaCount: 1, scaleDownDelaySeconds: 20 } },
  },
};

/** A hook whose clock is wrong by up to 3 s, by another amount for every process. */
function skewedHooks(clock: VirtualClock, random: Random, applyStrategy: ApplyStrategy): () => Hook {
  return () => {
    const skew = Math.round((random() * 2 - 1) * 3000);
    return createHook({ applyStrategy }, () => clock.now() + skew);
  };
}

type Action = (sandbox: Sandbox, random: Random) => Promise<void>;

const ACTIONS: readonly Action[] = [
  (sandbox, random) => sandbox.setImage('my-app', 'web', `app:${1 + Math.floor(random() * 4)}`),
  sandbox => sandbox.setImage('my-app', 'web', 'app:bad'),
  (sandbox, random) => sandbox.scale('my-app', Math.floor(random() * 12)),
  sandbox => annotate(sandbox, 'approve', 'true'),
  (sandbox, random) => annotate(sandbox, 'approve', `unique-${random()}`),
  async (sandbox, random) => {
    const { updatedRevision } = await rolloutOf(sandbox);
    await annotate(sandbox, 'approve', `${updatedRevision}:${Math.floor(random() * 6)}`);
  },
  sandbox => annotate(sandbox, 'approve', null),
  sandbox => annotate(sandbox, 'pause', 'true'),
  sandbox => annotate(sandbox, 'pause', null),
  sandbox => annotate(sandbox, 'abort', 'true'),
  sandbox => annotate(sandbox, 'retry', 'true'),
  async (sandbox, random) => {
    if (random() < 0.3) await annotate(sandbox, 'promote', 'full');
  },
  async sandbox => sandbox.metacontroller.restart(),
  async (sandbox, random) => {
    const sets = await sandbox.list('ReplicaSet.apps/v1');
    const victim = sets[Math.floor(random() * sets.length)];
    if (victim && random() < 0.4) await sandbox.delete('ReplicaSet.apps/v1', victim.metadata.name);
  },
  async (sandbox, random) => {
    const services = await sandbox.list('Service.v1');
    const victim = services[Math.floor(random() * services.length)];
    if (victim && random() < 0.3) await sandbox.delete('Service.v1', victim.metadata.name);
  },
];

interface Trial {
  readonly seed: number;
  readonly spec: Spec;
  readonly applyStrategy: ApplyStrategy;
  /** Leaves out faults that are not meant. */
  readonly which: (fault: Fault) => Fault;
}

const presentViews = ({ staleParent: _, staleChildren: __, ...fault }: Fault): Fault => fault;

async function run({ seed, spec, applyStrategy, which }: Trial) {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const newHook = skewedHooks(clock, random, applyStrategy);
  let broken = false;
  const faults = randomFaults(random, 0.12);
  const sandbox = world({
    clock,
    seed,
    applyStrategy,
    hook: newHook(),
    restartHook: newHook,
    ...(random() >= 0.7 && { decorators: [] }),
    faults: sync => (broken ? which(faults(sync)) : {}),
  });
  await sandbox.apply(stormService({ replicas: 5, ...spec }));
  await sandbox.eventually('first deployment', async () => (await rolloutOf(sandbox)).phase === 'Healthy', 60);
  // Old views reach three changes back: not to before there was a stable revision, which gates would know nothing of.
  for (const touched of ['1', '2', '3']) await sandbox.patch('my-app', { metadata: { labels: { touched } } });
  await sandbox.advance(1);
  const promises = watchPromises(sandbox);
  broken = true;
  for (let i = 0; i < 12; i++) {
    await ACTIONS[Math.floor(random() * ACTIONS.length)]!(sandbox, random);
    await sandbox.advance(random() < 0.3 ? random() * 60 : random() * 3);
  }
  broken = false;
  return { sandbox, promises };
}

/** The last wish: this image, with everything let through. */
async function settleOn(sandbox: Sandbox, image: string, replicas: number): Promise<void> {
  const remove = Object.fromEntries(
    ['pause', 'approve', 'abort', 'retry', 'promote'].map(name => [`aibrix.io/rollout-${name}`, null]),
  );
  await sandbox.patch('my-app', { metadata: { annotations: remove as JsonObject }, spec: { replicas } });
  await sandbox.setImage('my-app', 'web', image);
  await sandbox.advance(10);
  await annotate(sandbox, 'promote', 'full');
}

async function converges(sandbox: Sandbox): Promise<void> {
  await settleOn(sandbox, 'app:final', 4);
  await sandbox.eventually('the last wish', async () => (await rolloutOf(sandbox)).phase === 'Healthy', 2000);
  await sandbox.advance(60);
  expect(await podsByImage(sandbox)).toEqual({ 'app:final': 4 });
  expect(await sandbox.endpoints('my-app')).toHaveLength(4);
  const writes = sandbox.writes.total;
  await sandbox.advance(600);
  expect(sandbox.writes.total).toBe(writes);
}

const SEEDS = Array.from({ length: 4 }, (_, i) => i + 1);

describe.each(Object.entries(STRATEGIES))('%s', (_, spec) => {
  describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('with %s', applyStrategy => {
    it.each(SEEDS)('keeps every promise at every write, and converges: seed %i', async seed => {
      const { sandbox, promises } = await run({ seed, spec, applyStrategy, which: presentViews });
      await converges(sandbox);
      expect(promises.broken).toEqual([]);
    });

    // A decision made from an old view is right for that view alone, so pods that had just gone may come back for one
    // sync. What no view can undo: a gate opens only for a person, nothing that runs is deleted, and it converges.
    it.each(SEEDS)('with old views of the cluster too, gates hold and it converges: seed %i', async seed => {
      const { sandbox, promises } = await run({ seed: seed + 1000, spec, applyStrategy, which: fault => fault });
      await converges(sandbox);
      expect(promises.broken.filter(breach => /^(P4|P6)/.test(breach))).toEqual([]);
    });
  });
});

describe('status lost altogether in the middle of everything', () => {
  it.each(Object.entries(STRATEGIES))('%s converges', async (_, spec) => {
    for (const seed of [21, 22, 23]) {
      const { sandbox } = await run({ seed, spec, applyStrategy: 'dynamic-apply', which: presentViews });
      await loseStatus(sandbox);
      await sandbox.advance(5);
      await converges(sandbox);
    }
  });
});
