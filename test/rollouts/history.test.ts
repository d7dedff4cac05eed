import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { annotate, healthy, podsByImage, untilPhase } from './world.js';

const REPLICA_SET = 'ReplicaSet.apps/v1';
const RECORD = 'ControllerRevision.apps/v1';
const GATE = { canary: { steps: [{ setWeight: 50 }, { pause: true }] } };

describe('history', () => {
  const numbers = async (sandbox: Sandbox) => (await sandbox.list(RECORD)).map(record => record['revision']).sort();

  it('keeps revisionHistoryLimit earlier revisions with their change cause', async () => {
    const sandbox = await healthy({ replicas: 1, revisionHistoryLimit: 2 });
    for (const version of [2, 3, 4, 5]) {
      await sandbox.annotate('my-app', 'kubernetes.io/change-cause', `version ${version}`);
      await sandbox.setImage('my-app', 'web', `app:${version}`);
      await sandbox.advance(1);
      await untilPhase(sandbox, 'Healthy');
    }
    await sandbox.advance(10);
    expect(await numbers(sandbox)).toEqual([3, 4, 5]);
    const records = await sandbox.list(RECORD);
    expect(records.map(({ metadata }) => metadata.annotations?.['kubernetes.io/change-cause']).sort()).toEqual([
      'version 3',
      'version 4',
      'version 5',
    ]);
    expect(await sandbox.list(REPLICA_SET)).toHaveLength(3);
  });

  it('of 0 keeps none but what is in use', async () => {
    const sandbox = await healthy({ replicas: 4, revisionHistoryLimit: 0, rolloutStrategy: GATE });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    expect(await numbers(sandbox)).toEqual([1, 2]);
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(30);
    expect(await numbers(sandbox)).toEqual([2]);
    expect(await sandbox.list(REPLICA_SET)).toHaveLength(1);
  });

  it('a template that comes back takes its old record and ReplicaSet', async () => {
    const sandbox = await healthy({ replicas: 2 });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:1');
    await sandbox.advance(1);
    await untilPhase(sandbox, 'Healthy');
    expect(await sandbox.list(REPLICA_SET)).toHaveLength(2);
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 2 });
  });
});
