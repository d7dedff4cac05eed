/** Metadata that a strategy adds to pods by their role in the rollout: it ends with the role. */
import { describe, expect, it } from 'vitest';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../src/schema/json.js';
import { annotate, healthy, type Spec, untilMessage, untilPhase } from './world.js';

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const OURS = /^orchestration\.aibrix\.io\/|^storm-service-name$/;

/** What new pods of each version get, by image and without what every pod has. */
async function metadataByImage(sandbox: Sandbox): Promise<Readonly<Record<string, Metadata>>> {
  const sets = await sandbox.list('ReplicaSet.apps/v1');
  return Object.fromEntries(
    sets.map(set => {
      const { template } = set['spec'] as {
        template: { metadata: Metadata; spec: { containers: [{ image: string }] } };
      };
      const kept = (entries: Readonly<Record<string, string>> = {}) =>
        Object.fromEntries(Object.entries(entries).filter(([key]) => !OURS.test(key)));
      const { labels, annotations } = template.metadata;
      return [
        template.spec.containers[0].image,
        { labels: kept(labels), ...(annotations && { annotations: kept(annotations) }) },
      ];
    }),
  );
}

const role = (name: string): Metadata => ({ labels: { role: name }, annotations: { 'role.example.com/is': name } });
const plain: Metadata = { labels: { app: 'my-app' } };
const of = (name: string): Metadata => ({
  labels: { app: 'my-app', role: name },
  annotations: { 'role.example.com/is': name },
});

const STEPS = [{ setWeight: 50 }, { pause: true }];
const canary = (more: JsonObject = {}): Spec => ({
  replicas: 2,
  rolloutStrategy: {
    canary: { steps: STEPS, canaryMetadata: role('canary'), stableMetadata: role('stable'), ...more },
  },
});

describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('with %s', applyStrategy => {
  const atGate = async (spec: Spec) => {
    const sandbox = await healthy(spec, { applyStrategy });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /approval/);
    return sandbox;
  };
  const names = async (sandbox: Sandbox) => (await sandbox.pods()).map(({ name }) => name).sort();

  it('a canary that is promoted has the metadata of stable, and the former stable none', async () => {
    const sandbox = await atGate(canary());
    expect(await metadataByImage(sandbox)).toEqual({ 'app:1': of('stable'), 'app:2': of('canary') });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await metadataByImage(sandbox)).toEqual({ 'app:1': plain, 'app:2': of('stable') });
    const before = { ...sandbox.writes.byKind };
    await sandbox.advance(900);
    expect(sandbox.writes.byKind).toEqual(before);
  });

  it('metadata of the canary alone is gone once it is promoted', async () => {
    const sandbox = await atGate(canary({ stableMetadata: {} }));
    expect(await metadataByImage(sandbox)).toEqual({ 'app:1': plain, 'app:2': of('canary') });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect((await metadataByImage(sandbox))['app:2']).toEqual(plain);
  });

  it('a version that is rolled back to has the metadata of stable, and the aborted one keeps that of the canary', async () => {
    const sandbox = await atGate(canary());
    await annotate(sandbox, 'abort', 'true');
    await untilPhase(sandbox, 'Degraded');
    expect(await metadataByImage(sandbox)).toEqual({ 'app:1': of('stable'), 'app:2': of('canary') });
    await sandbox.setImage('my-app', 'web', 'app:1');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(60);
    expect((await metadataByImage(sandbox))['app:1']).toEqual(of('stable'));
    expect((await metadataByImage(sandbox))['app:2']).toEqual(plain);
  });

  it('a change of the metadata takes effect without a new revision and without a restart of pods', async () => {
    const sandbox = await healthy(canary(), { applyStrategy });
    const pods = await names(sandbox);
    const revisions = await sandbox.list('ControllerRevision.apps/v1');
    const change = { labels: { role: null, tier: 'live' } };
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { stableMetadata: change } } } });
    await sandbox.advance(30);
    expect(await metadataByImage(sandbox)).toEqual({
      'app:1': { labels: { app: 'my-app', tier: 'live' }, annotations: { 'role.example.com/is': 'stable' } },
    });
    expect(await names(sandbox)).toEqual(pods);
    expect(await sandbox.list('ControllerRevision.apps/v1')).toEqual(revisions);
    await untilPhase(sandbox, 'Healthy');
  });

  it('a label of the template that the canary has otherwise comes back', async () => {
    const sandbox = await atGate(canary({ canaryMetadata: { labels: { app: 'other' } }, stableMetadata: {} }));
    expect((await metadataByImage(sandbox))['app:2']?.labels).toEqual({ app: 'other' });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect((await metadataByImage(sandbox))['app:2']?.labels).toEqual({ app: 'my-app' });
  });

  it('blue-green: a preview has its own until it is promoted', async () => {
    const blueGreen = {
      autoPromotionEnabled: false,
      previewMetadata: role('preview'),
      activeMetadata: role('active'),
    };
    const sandbox = await atGate({ replicas: 2, rolloutStrategy: { blueGreen } });
    expect(await metadataByImage(sandbox)).toEqual({ 'app:1': of('active'), 'app:2': of('preview') });
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(60);
    expect((await metadataByImage(sandbox))['app:2']).toEqual(of('active'));
    expect((await metadataByImage(sandbox))['app:1']).toEqual(plain);
  });

  it('running pods follow where they are relabelled, and their number and names stay', async () => {
    const sandbox = await healthy(canary(), { applyStrategy, podDecorator: true });
    const roles = async () =>
      (await sandbox.pods())
        .map(({ spec, labels, annotations }) => {
          const { image } = (spec as { containers: [{ image: string }] }).containers[0];
          return `${image} ${labels['role']} ${annotations['role.example.com/is']}`;
        })
        .sort();
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilMessage(sandbox, /approval/);
    await sandbox.advance(1);
    expect(await roles()).toEqual(['app:1 stable stable', 'app:2 canary canary']);
    const [pod] = (await sandbox.pods()).filter(({ labels }) => labels['role'] === 'canary');
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(1);
    expect(await roles()).toEqual(['app:2 stable stable', 'app:2 stable stable']);
    expect(await names(sandbox)).toContain(pod?.name);
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { stableMetadata: null } } } });
    await sandbox.advance(1);
    expect(await roles()).toEqual(['app:2 undefined undefined', 'app:2 undefined undefined']);
    expect((await sandbox.pods()).map(({ labels }) => labels['app'])).toEqual(['my-app', 'my-app']);
  });

  it('running pods keep theirs where they are not', async () => {
    const sandbox = await atGate(canary());
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(60);
    const roles = (await sandbox.pods()).map(({ labels }) => labels['role']).sort();
    expect(roles).toEqual(['canary', 'canary']);
  });

  it('what somebody else has added to the template of a ReplicaSet stays', async () => {
    const sandbox = await atGate(canary());
    const set = (await sandbox.list('ReplicaSet.apps/v1')).find(({ metadata }) => metadata.name)!;
    const spec = set['spec'] as { template: { metadata: Metadata } };
    const { metadata } = spec.template;
    sandbox.cluster.update(
      {
        ...set,
        spec: {
          ...spec,
          template: { ...spec.template, metadata: { ...metadata, labels: { ...metadata.labels, theirs: 'x' } } },
        },
      },
      'somebody',
    );
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    const all = Object.values(await metadataByImage(sandbox)).map(({ labels }) => labels?.['theirs']);
    expect(all.filter(value => value === 'x')).toHaveLength(1);
  });
});
