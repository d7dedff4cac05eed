import { describe, expect, it } from 'vitest';
import { type Fault, faultAt } from '../../../src/sandbox/faults.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { watchPromises } from '../promises.js';
import {
  annotate,
  conditionOf,
  handledOf,
  healthy,
  loseStatus,
  podsByImage,
  rolloutOf,
  stormService,
  untilPhase,
  untilStep,
  type world,
} from '../world.js';

const STORM_SERVICE = 'StormService.orchestration.aibrix.io/v1alpha1';
const GATES = [{ setWeight: 20 }, { pause: true }, { setWeight: 50 }, { pause: true }, { setWeight: 80 }];

interface AtGate {
  readonly steps?: readonly object[];
  readonly options?: Parameters<typeof world>[0];
}

/** Ten pods, two of them new, waiting at the first gate. */
async function atGate({ steps = GATES, options = {} }: AtGate = {}) {
  const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: { steps } } }, options);
  const promises = watchPromises(sandbox);
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilPhase(sandbox, 'Paused');
  return { sandbox, promises, revision: (await rolloutOf(sandbox)).updatedRevision ?? '' };
}

async function annotationsOf(sandbox: Sandbox) {
  const { annotations = {} } = (await sandbox.get(STORM_SERVICE, 'my-app'))?.metadata ?? {};
  return Object.keys(annotations).filter(name => name.startsWith('aibrix.io/'));
}

describe('rollout-approve', () => {
  it('passes one gate, is taken away, and says what it did and who did it', async () => {
    const { sandbox, promises, revision } = await atGate();
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 3 });
    expect(await annotationsOf(sandbox)).toEqual([]);
    expect(await handledOf(sandbox, 'approve')).toEqual({
      name: 'aibrix.io/rollout-approve',
      effect: `passed step 2 of 5 of revision ${revision}`,
      by: 'kubectl-annotate',
      at: expect.stringMatching(/^2026-01-01T/),
    });
    expect(promises.broken).toEqual([]);
  });

  it('left in place, where no decorator takes it away, it does not pass the next gate', async () => {
    const { sandbox, promises } = await atGate({ options: { decorator: false } });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 3 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ value: 'true' });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 3 });
    await annotate(sandbox, 'approve', null);
    await sandbox.advance(1);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('left in place, it does not pass a gate of the next revision', async () => {
    const { sandbox, promises } = await atGate({ options: { decorator: false } });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilStep(sandbox, 1);
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(promises.broken).toEqual([]);
  });

  it('with another value it counts again although it was never absent', async () => {
    const { sandbox } = await atGate({ options: { decorator: false } });
    await annotate(sandbox, 'approve', 'alice-1');
    await untilStep(sandbox, 3);
    await annotate(sandbox, 'approve', 'alice-2');
    await untilPhase(sandbox, 'Healthy');
  });

  it('bound to the waiting step it passes it', async () => {
    const { sandbox, revision } = await atGate();
    await annotate(sandbox, 'approve', `${revision}:1`);
    await untilStep(sandbox, 3);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: expect.stringContaining('passed step 2 of 5'),
    });
  });

  it.each<[string, (revision: string) => string]>([
    ['a later step', revision => `${revision}:3`],
    ['an earlier step', revision => `${revision}:0`],
    ['another revision', () => 'zzzzzzzzzz:1'],
    ['no step', revision => `${revision}:`],
    ['words', () => 'release:now'],
    ['a time', () => '2026-01-01T10:00:00Z'],
    ['a step that is no number', revision => `${revision}:1e0`],
    ['a negative step', revision => `${revision}:-1`],
  ])('bound to %s it passes nothing and says what waits', async (_, value) => {
    const { sandbox, promises, revision } = await atGate();
    await annotate(sandbox, 'approve', value(revision));
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: `passed nothing: ${revision}:1 is waiting, not ${value(revision)}`,
    });
    expect(promises.broken).toEqual([]);
  });

  it.each(['', 'false'])('%j is no approval', async value => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'approve', value);
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(await handledOf(sandbox, 'approve')).toBeUndefined();
  });

  it('when nothing waits it is used up and says so', async () => {
    const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: { steps: GATES } } });
    const promises = watchPromises(sandbox);
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: 'passed nothing: nothing was waiting for approval',
    });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1 });
    expect(promises.broken).toEqual([]);
  });

  it('together with the template it was not meant for its gates', async () => {
    const sandbox = await healthy({
      replicas: 10,
      rolloutStrategy: { canary: { steps: [{ pause: true }, { setWeight: 50 }] } },
    });
    const { spec } = stormService(
      { replicas: 10, rolloutStrategy: { canary: { steps: [{ pause: true }, { setWeight: 50 }] } } },
      'app:2',
    );
    await sandbox.patch('my-app', {
      metadata: { annotations: { 'aibrix.io/rollout-approve': 'true' } },
      spec: spec as never,
    });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 0 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ effect: expect.stringContaining('passed nothing') });
  });

  it('clears rollout-pause and, when a gate waits, passes that too', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    expect(await rolloutOf(sandbox)).toMatchObject({ pause: { reason: 'RolloutPauseAnnotation' } });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    expect(await annotationsOf(sandbox)).toEqual([]);
  });

  it('clears rollout-pause in the middle of a weight, without passing the gate behind it', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'approve', 'first');
    await untilStep(sandbox, 2);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(30);
    await annotate(sandbox, 'approve', 'second');
    await untilStep(sandbox, 3);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 3 });
    expect(await handledOf(sandbox, 'approve')).toMatchObject({ effect: 'cleared rollout-pause' });
    expect(promises.broken).toEqual([]);
  });

  it('bound to another step it leaves rollout-pause alone', async () => {
    const { sandbox, revision } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    await annotate(sandbox, 'approve', `${revision}:3`);
    await sandbox.advance(30);
    expect(await rolloutOf(sandbox)).toMatchObject({
      pause: { reason: 'RolloutPauseAnnotation' },
      currentStepIndex: 1,
    });
    expect(await annotationsOf(sandbox)).toEqual(['aibrix.io/rollout-pause']);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: `passed nothing: ${revision}:1 is waiting, not ${revision}:3`,
    });
  });
});

describe('rollout-pause', () => {
  it('set before the template keeps every pod of the new revision back', async () => {
    const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: { steps: GATES } } });
    await annotate(sandbox, 'pause', 'true');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', pause: { reason: 'RolloutPauseAnnotation' } });
    await annotate(sandbox, 'pause', 'false');
    await untilStep(sandbox, 1);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
  });

  it.each([{}, { rollingUpdate: { maxSurge: 2 } }, { blueGreen: {} }])('holds %j', async rolloutStrategy => {
    const sandbox = await healthy({ replicas: 4, rolloutStrategy });
    await annotate(sandbox, 'pause', 'true');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    await annotate(sandbox, 'pause', null);
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    expect((await podsByImage(sandbox))['app:2']).toBe(4);
  });

  it('holds at once, keeps what runs alive, and goes on where it was', async () => {
    const { sandbox, promises } = await atGate({ steps: [{ setWeight: 20 }, { pause: true }, { setWeight: 80 }] });
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(0.1);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(1);
    const held = await podsByImage(sandbox);
    const [pod] = await sandbox.pods();
    sandbox.kubelet.end(sandbox.kubelet.list('default').find(({ name }) => name === pod?.name)!);
    await sandbox.always('nothing moves', async () => (await podsByImage(sandbox))['app:2'] === held['app:2'], 3600);
    expect((await sandbox.pods()).length).toBeGreaterThanOrEqual(10);
    await annotate(sandbox, 'pause', null);
    await untilPhase(sandbox, 'Healthy');
    expect(promises.broken).toEqual([]);
  });

  it('its time is not counted in a duration', async () => {
    const { sandbox } = await atGate({ steps: [{ setWeight: 20 }, { pause: { duration: '60s' } }] });
    await sandbox.advance(20);
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(3600);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1 });
    await annotate(sandbox, 'pause', null);
    await sandbox.advance(35);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1, pause: { reason: 'PauseDuration' } });
    await sandbox.advance(10);
    await untilPhase(sandbox, 'Healthy');
  });

  it('rebuilds a canary whose ReplicaSet somebody deleted, and no more', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    const { updatedRevision } = await rolloutOf(sandbox);
    await sandbox.delete('ReplicaSet.apps/v1', `my-app-${updatedRevision}`);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
  });

  it('scales what runs with spec.replicas but gives the new revision nothing', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.scale('my-app', 20);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 18, 'app:2': 2 });
    await sandbox.scale('my-app', 5);
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 1 });
  });

  it('an abort gets through it', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(60);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });

  it('spec.paused holds likewise and is not cleared by an approval', async () => {
    const { sandbox, promises } = await atGate();
    await sandbox.patch('my-app', { spec: { paused: true } });
    await sandbox.advance(5);
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(600);
    expect(await handledOf(sandbox, 'approve')).toMatchObject({
      effect: 'passed nothing: spec.paused holds the rollout',
    });
    expect(await rolloutOf(sandbox)).toMatchObject({
      currentStepIndex: 1,
      message: 'held by spec.paused; set it to false to go on',
      pause: { reason: 'SpecPaused' },
    });
    await sandbox.patch('my-app', { spec: { paused: false } });
    await sandbox.advance(5);
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1 });
    await annotate(sandbox, 'approve', 'now');
    await untilStep(sandbox, 3);
    expect(promises.broken).toEqual([]);
  });

  it('neither holds a first deployment', async () => {
    const sandbox = await healthy({ replicas: 2, paused: true });
    await annotate(sandbox, 'pause', 'true');
    await sandbox.scale('my-app', 4);
    await sandbox.advance(30);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4 });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
  });
});

describe('rollout-abort', () => {
  it('takes the canary back and stays aborted until the template changes', async () => {
    const { sandbox, promises, revision } = await atGate();
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(3600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(await rolloutOf(sandbox)).toMatchObject({
      phase: 'Degraded',
      currentStepIndex: 0,
      canaryWeight: 0,
      updatedRevision: revision,
      abort: { reason: 'AbortedByAnnotation', by: 'kubectl-annotate', at: expect.any(String) },
      message: expect.stringContaining('aibrix.io/rollout-retry=true'),
    });
    expect(await conditionOf(sandbox, 'Aborted')).toMatchObject({ status: 'True', reason: 'AbortedByAnnotation' });
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPhase(sandbox, 'Paused');
    expect((await rolloutOf(sandbox))['abort']).toBeUndefined();
    expect(await conditionOf(sandbox, 'Aborted')).toBeUndefined();
    expect(promises.broken).toEqual([]);
  });

  it('is not undone by an approval, a promotion or other steps', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await annotate(sandbox, 'approve', 'true');
    await sandbox.advance(5);
    await annotate(sandbox, 'promote', 'full');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'promote')).toMatchObject({ effect: 'the rollout is aborted: retry it first' });
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { steps: [{ setWeight: 40 }] } } } });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', currentStepIndex: 0 });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('is not undone by another strategy', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: null, blueGreen: {} } } });
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', abort: { reason: 'AbortedByAnnotation' } });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });

  it('when nothing is rolled out it is used up and says so', async () => {
    const sandbox = await healthy({ replicas: 3 });
    await annotate(sandbox, 'abort', 'true');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'abort')).toMatchObject({ effect: 'no rollout is in progress' });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Healthy' });
  });
});

describe('rollout-retry', () => {
  it('starts the aborted revision from the first step, gates and all', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    await sandbox.advance(60);
    await annotate(sandbox, 'retry', 'true');
    await untilPhase(sandbox, 'Paused');
    expect(await rolloutOf(sandbox)).toMatchObject({ currentStepIndex: 1, canaryWeight: 20 });
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 8, 'app:2': 2 });
    expect(promises.broken).toEqual([]);
  });

  it('with nothing aborted it is used up and says so', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'retry', 'true');
    await sandbox.advance(5);
    expect(await handledOf(sandbox, 'retry')).toMatchObject({ effect: 'there is no aborted rollout' });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
  });

  it('together with an abort, going back wins', async () => {
    const { sandbox } = await atGate();
    await sandbox.patch('my-app', {
      metadata: {
        annotations: {
          'aibrix.io/rollout-abort': 'true',
          'aibrix.io/rollout-retry': 'true',
          'aibrix.io/rollout-promote': 'full',
        },
      },
    });
    await sandbox.advance(60);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 10 });
  });
});

describe('rollout-promote', () => {
  it('full skips the remaining steps', async () => {
    const { sandbox, promises } = await atGate();
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 10 });
    expect(promises.broken).toEqual([]);
  });

  it('left in place, it does not promote the next revision', async () => {
    const { sandbox, promises } = await atGate({ options: { decorator: false } });
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPhase(sandbox, 'Paused');
    await sandbox.advance(600);
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 8, 'app:3': 2 });
    expect(promises.broken).toEqual([]);
  });

  it('left in place, it does not promote a later revision either when status was lost altogether', async () => {
    const { sandbox, promises } = await atGate({ options: { decorator: false } });
    await annotate(sandbox, 'promote', 'full');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:3');
    await untilPhase(sandbox, 'Paused');
    await loseStatus(sandbox);
    await sandbox.advance(600);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    expect(await handledOf(sandbox, 'promote')).toMatchObject({
      effect: 'status was lost, so it may have been used before: set it again',
    });
    expect(promises.broken).toEqual([]);
  });

  it('of another value does nothing and says what to write', async () => {
    const { sandbox } = await atGate();
    await annotate(sandbox, 'promote', 'true');
    await sandbox.advance(60);
    expect(await handledOf(sandbox, 'promote')).toMatchObject({ effect: 'not a way to promote: write full' });
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
  });
});

/** Each one-shot, and what it has led to in the end. */
const ONE_SHOTS = [
  ['approve', 'true', { phase: 'Paused', currentStepIndex: 3 }, { 'app:1': 5, 'app:2': 5 }],
  ['abort', 'true', { phase: 'Degraded', currentStepIndex: 0 }, { 'app:1': 10 }],
  ['promote', 'full', { phase: 'Healthy', currentStepIndex: 5 }, { 'app:2': 10 }],
] as const;

describe.each<[string, Fault]>([
  ['without its status', { loseStatus: true }],
  ['twice', { repeat: true }],
  ['by a hook that was just restarted', { restartHook: true }],
  ['seeing old children', { staleChildren: 2 }],
  ['with an answer that nobody hears', { lose: 'answer' }],
  ['by a Metacontroller that dies before the status', { crashAfterWrites: 1 }],
  ['by an API server that refuses all children', { refuse: () => true }],
])('a one-shot whose sync happens %s', (_, fault) => {
  it.each(ONE_SHOTS)('%s is neither lost nor doubled', async (annotation, value, rollout, pods) => {
    for (const decorator of [true, false]) {
      let armed = false;
      const faults = (sync: { number: number; parent: string }) => (armed ? faultAt(sync.number, fault)(sync) : {});
      const { sandbox, promises } = await atGate({ options: { decorator, faults } });
      armed = true;
      const off = sandbox.on(event => {
        if (event.type === 'sync') armed = false;
      });
      await annotate(sandbox, annotation, value);
      await sandbox.advance(300);
      off();
      expect(await rolloutOf(sandbox)).toMatchObject(rollout);
      expect(await podsByImage(sandbox)).toEqual(pods);
      expect(promises.broken).toEqual([]);
    }
  });
});
