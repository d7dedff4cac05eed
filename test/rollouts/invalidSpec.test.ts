import { describe, expect, it } from 'vitest';
import { answerSync } from '../../src/hook/sync.js';
import { allObjects } from '../../src/metacontroller/children.js';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import { asLastApplied } from '../../src/metacontroller/unchanged.js';
import { INVALID } from '../api/invalidSpecs.js';
import { midway } from './requests.js';
import { annotate, conditionOf, healthy, podsByImage, rolloutOf, untilPhase, untilStep } from './world.js';

const GATES = { canary: { steps: [{ setWeight: 50 }, { pause: true }, { setWeight: 80 }, { pause: true }] } };

describe.each<ApplyStrategy>(['dynamic-apply', 'server-side-apply'])('an invalid spec with %s', async applyStrategy => {
  const { request } = await midway(GATES, { applyStrategy });

  it.each(INVALID)('%s: the condition says where and what to write, and no child changes', (_, raw, path) => {
    const parent = { ...request.parent, spec: raw };
    const { status, children, ...rest } = answerSync({ ...request, parent }, Date.UTC(2026, 1, 1), { applyStrategy });
    const conditions = status['conditions'] as readonly { type: string; status: string; message: string }[];
    const invalid = conditions.find(({ type }) => type === 'InvalidSpec');
    expect(invalid?.status).toBe('True');
    const sentence = invalid?.message.split('. ').find(text => text.startsWith(`${path}: `)) ?? invalid?.message;
    expect(sentence).toMatch(/^spec[^ ]*: [^;]+; .+/);
    expect(sentence).toContain(`${path}: `);
    expect(children).toEqual(allObjects(request.children).map(asLastApplied));
    expect(rest).toEqual({});
    const { rolloutStatus: before } = request.parent['status'] as { rolloutStatus: object };
    expect(status['rolloutStatus']).toEqual({ ...before, phase: 'Degraded', message: invalid?.message });
  });

  it('of a StormService at rest takes its Healthy condition away, and gives it back', async () => {
    const sandbox = await healthy({ replicas: 2 }, { applyStrategy });
    await sandbox.patch('my-app', { spec: { replicas: -1 } });
    await sandbox.advance(5);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
    expect(await conditionOf(sandbox, 'Healthy')).toMatchObject({ status: 'False', reason: 'InvalidSpec' });
    expect(await conditionOf(sandbox, 'Available')).toMatchObject({ status: 'True' });
    await sandbox.patch('my-app', { spec: { replicas: 2 } });
    await untilPhase(sandbox, 'Healthy');
    expect(await conditionOf(sandbox, 'Healthy')).toMatchObject({ status: 'True' });
  });

  it('writes only status, and the rollout continues where it was once the spec is fixed', async () => {
    const { sandbox } = await midway(GATES, { applyStrategy });
    const before = { ...sandbox.writes.byKind };
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { maxSurge: 0, maxUnavailable: 0 } } } });
    await sandbox.advance(600);
    const { status: statusBefore = 0, ...childrenBefore } = before;
    const { status: statusAfter = 0, ...childrenAfter } = sandbox.writes.byKind;
    expect(childrenAfter).toEqual(childrenBefore);
    expect(statusAfter - statusBefore).toBe(1);
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded', currentStepIndex: 1 });
    await sandbox.patch('my-app', { spec: { rolloutStrategy: { canary: { maxSurge: null, maxUnavailable: null } } } });
    await untilPhase(sandbox, 'Paused');
    expect(await conditionOf(sandbox, 'InvalidSpec')).toBeUndefined();
    expect(await podsByImage(sandbox)).toEqual({ 'app:1': 2, 'app:2': 2 });
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
  });
});
