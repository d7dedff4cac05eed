import { describe, expect, it } from 'vitest';
import { answerSync } from '../../src/hook/sync.js';
import { allObjects } from '../../src/metacontroller/children.js';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import { asLastApplied } from '../../src/metacontroller/unchanged.js';
import {
  blueGreen,
  canary,
  container,
  metric,
  role,
  roles,
  routed,
  spec,
  stepMetric,
  steps,
  template,
  withStrategy,
} from '../api/specs.js';
import { midway } from './requests.js';
import { annotate, conditionOf, healthy, podsByImage, rolloutOf, untilPhase, untilStep } from './world.js';

/** What is written, and the path that the condition must name. */
const INVALID: readonly (readonly [title: string, raw: unknown, path: string])[] = [
  ['no spec at all', null, 'spec'],
  ['a spec that is a list', [], 'spec'],
  ['no template', { replicas: 3 }, 'spec.template'],
  ['replicas that are negative', spec({ replicas: -1 }), 'spec.replicas'],
  ['replicas in words', spec({ replicas: 'three' }), 'spec.replicas'],
  ['a field that does not exist', spec({ replica: 3 }), 'spec.replica'],
  ['a template without containers', spec({ template: { spec: {} } }), 'spec.template.spec'],
  ['an empty list of containers', spec({ template: template({ containers: [] }) }), 'spec.template.spec.containers'],
  [
    'a typo in a container',
    spec({ template: template({ containers: [container({ imagePullPolcy: 'Always' })] }) }),
    'spec.template.spec.containers[0].imagePullPolcy',
  ],
  [
    'a label that is no string',
    spec({ template: template({}, { labels: { on: true } }) }),
    'spec.template.metadata.labels.on',
  ],
  [
    'a selector that selects other pods',
    spec({ selector: { matchLabels: { app: 'other' } } }),
    'spec.selector.matchLabels.app',
  ],
  ['two strategies', withStrategy({ canary: {}, blueGreen: {} }), 'spec.rolloutStrategy'],
  ['a type without its strategy', withStrategy({ type: 'Canary', blueGreen: {} }), 'spec.rolloutStrategy.type'],
  ['a type that does not exist', withStrategy({ type: 'Recreate' }), 'spec.rolloutStrategy.type'],
  [
    'no surge and nothing unavailable',
    canary({ maxSurge: 0, maxUnavailable: '0%' }),
    'spec.rolloutStrategy.canary.maxUnavailable',
  ],
  ['a surge in words', canary({ maxSurge: 'some' }), 'spec.rolloutStrategy.canary.maxSurge'],
  ['a weight over 100', steps({ setWeight: 101 }), 'spec.rolloutStrategy.canary.steps[0].setWeight'],
  ['a weight below 0', steps({ setWeight: -5 }), 'spec.rolloutStrategy.canary.steps[0].setWeight'],
  ['a step without an action', steps({}), 'spec.rolloutStrategy.canary.steps[0]'],
  ['a pause of false', steps({ pause: false }), 'spec.rolloutStrategy.canary.steps[0].pause'],
  [
    'a duration in words',
    steps({ pause: { duration: 'a while' } }),
    'spec.rolloutStrategy.canary.steps[0].pause.duration',
  ],
  [
    'a duration that no calendar holds',
    steps({ pause: { duration: '99999999999h' } }),
    'spec.rolloutStrategy.canary.steps[0].pause.duration',
  ],
  [
    'a canary scale without routing',
    steps({ setCanaryScale: { replicas: 1 } }),
    'spec.rolloutStrategy.canary.steps[0].setCanaryScale',
  ],
  [
    'two steps of one name',
    steps({ name: 'a', setWeight: 1 }, { name: 'a', setWeight: 2 }),
    'spec.rolloutStrategy.canary.steps[1].name',
  ],
  [
    'dynamicStableScale without routing',
    canary({ dynamicStableScale: true }),
    'spec.rolloutStrategy.canary.dynamicStableScale',
  ],
  [
    'a canary Service without routing',
    canary({ canaryService: 'web-canary' }),
    'spec.rolloutStrategy.canary.canaryService',
  ],
  [
    'a scale-down delay without routing',
    canary({ scaleDownDelaySeconds: 30 }),
    'spec.rolloutStrategy.canary.scaleDownDelaySeconds',
  ],
  ['a deadline that every rollout exceeds', spec({ minReadySeconds: 600 }), 'spec.progressDeadlineSeconds'],
  ['routing without a router', routed({}, { setWeight: 5 }), 'spec.rolloutStrategy.canary.trafficRouting'],
  [
    'one Service for active and preview',
    blueGreen({ activeService: 'web', previewService: 'web' }),
    'spec.rolloutStrategy.blueGreen.previewService',
  ],
  [
    'seconds to a promotion that is switched off',
    blueGreen({ autoPromotionEnabled: false, autoPromotionSeconds: 5 }),
    'spec.rolloutStrategy.blueGreen.autoPromotionSeconds',
  ],
  [
    'blue-green without any port',
    { ...blueGreen({}), template: template({ containers: [container({ ports: [] })] }) },
    'spec.service.ports',
  ],
  [
    'an analysis condition that does not parse',
    stepMetric({ successCondition: 'result >' }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].successCondition',
  ],
  [
    'a metric without a provider',
    steps({ analysis: { metrics: [metric({ provider: {} })] } }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].provider',
  ],
  ['two roles of one name', roles(role(), role()), 'spec.template.spec.roles[1].name'],
  [
    'containers beside roles',
    spec({ template: { spec: { containers: [container()], roles: [role()] } } }),
    'spec.template.spec',
  ],
  ['a Service name that cannot be one', spec({ service: { name: 'My_App' } }), 'spec.service.name'],
  [
    'a Service port that no container has',
    spec({ service: { ports: [{ port: 80, targetPort: 'grpc' }] } }),
    'spec.service.ports[0].targetPort',
  ],
];

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
