import { describe, expect, test } from 'vitest';
import { SECRET } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Run } from '../../status/analysisRuns.js';
import type { AnalysisContext } from '../context.js';
import { resolveAnalysis } from '../templates/resolve.js';
import { advanceRun } from './advance.js';
import { dueMeasurements } from './due.js';
import { startRun } from './start.js';

const CANARY = 'canary-secret-value-7391';
const START = Date.parse('2026-01-01T00:00:00Z');
const parent: KubeObject = {
  apiVersion: 'v1',
  kind: 'StormService',
  metadata: { name: 'app', namespace: 'shop', uid: 'u' },
};

function secret(name: string, data: Readonly<Record<string, string>>, namespace = 'shop'): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: Object.fromEntries(encoded) };
}

function context(...secrets: readonly KubeObject[]): AnalysisContext {
  const group = Object.fromEntries(secrets.map(object => [object.metadata.name, object]));
  return { parent, related: { [SECRET]: group }, stableRevision: 'a', latestRevision: 'b' };
}

function run(provider: object, valueFrom?: object): Run {
  const ref = {
    templates: [],
    args: valueFrom === undefined ? [] : [{ name: 'token', valueFrom: valueFrom as never }],
    metrics: [{ name: 'm', successCondition: 'result == 1', provider: provider as never }],
  };
  const resolved = resolveAnalysis(ref, context(), 'analysis');
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  const started = startRun({ kind: 'step', revision: 'b', step: 2 }, resolved.value, [], START, 'analysis');
  if (!started.ok) throw new Error(JSON.stringify(started.problems));
  return started.value;
}

const web = { web: { url: 'https://metrics/x', headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }] } };
const fromSecret = { secretKeyRef: { name: 's', key: 'token' } };

describe('a request that tells of the rollout', () => {
  const seen = (rolloutStatus: object): AnalysisContext => ({
    ...context(),
    parent: { ...parent, status: { rolloutStatus } } as KubeObject,
  });
  const asked = (began: Run, status: object) => dueMeasurements([began], seen(status), START).requests[0]?.rollout;
  const webhook = { webhook: { url: 'http://gate' } };

  test('has its names, revision, step and phase', () => {
    expect(asked(run(webhook), { phase: 'Progressing', currentStepIndex: 2 })).toEqual({
      name: 'app',
      namespace: 'shop',
      revision: 'b',
      step: 2,
      phase: 'Progressing',
    });
  });

  test('beside the steps has the step of now', () => {
    const { step: _, ...rest } = run(webhook);
    expect(asked({ ...rest, kind: 'background' }, { phase: 'Paused', currentStepIndex: 5 })).toMatchObject({
      step: 5,
      phase: 'Paused',
    });
  });

  test.each([{}, { phase: 7, currentStepIndex: 'two' }])('leaves out what status does not say: %j', status => {
    const { step: _, ...rest } = run(webhook);
    expect(asked({ ...rest, kind: 'background' }, status)).toEqual({ name: 'app', namespace: 'shop', revision: 'b' });
  });

  test('is only that of a provider that sends it: all others may be shared', () => {
    expect(asked(run({ prometheus: { address: 'http://a', query: 'up' } }), { phase: 'Paused' })).toBeUndefined();
  });
});

describe('secrets', () => {
  test('an arg is filled in when it is asked, and is in the run nowhere', () => {
    const began = run(web, fromSecret);
    const { requests } = dueMeasurements([began], context(secret('s', { token: CANARY })), START);
    expect(requests[0]).toMatchObject({
      provider: { web: { headers: [{ value: `Bearer ${CANARY}` }] } },
      secrets: { 'args.token': CANARY },
    });
    const answer = new Map([
      [requests[0]!.key, { key: requests[0]!.key, at: START, outcome: 'value', value: 1 } as const],
    ]);
    expect(JSON.stringify([began, advanceRun(began, 'u', answer, START)])).not.toContain(CANARY);
  });

  test("a provider's own Secret comes by its keys", () => {
    const datadog = { datadog: { query: 'avg:x', secretRef: { name: 'dd' } } };
    const seen = context(secret('dd', { 'api-key': 'k', 'app-key': 'a' }), secret('dd2', {}));
    expect(dueMeasurements([run(datadog)], seen, START).requests[0]?.secrets).toEqual({
      'api-key': 'k',
      'app-key': 'a',
    });
  });

  test.each<[string, AnalysisContext, object, object | undefined, string]>([
    ['a Secret that is not there', context(), web, fromSecret, '"s" is not in this namespace'],
    [
      'one of another namespace',
      context(secret('s', { token: 'x' }, 'other')),
      web,
      fromSecret,
      '"s" is not in this namespace',
    ],
    ['a key that it lacks', context(secret('s', { other: 'x' })), web, fromSecret, 'has no key "token"'],
    [
      'one that the provider names',
      context(),
      { datadog: { query: 'q', secretRef: { name: 'dd' } } },
      undefined,
      '"dd" is not',
    ],
  ])('%s is an error of the measurement, and nothing is asked', (_, seen, provider, valueFrom, message) => {
    const began = run(provider, valueFrom);
    const due = dueMeasurements([began], seen, START);
    expect(due.requests).toEqual([]);
    expect(due.answered).toMatchObject([{ outcome: 'error', message: expect.stringContaining(message) }]);
    const after = advanceRun(began, 'u', new Map(due.answered.map(result => [result.key, result])), START);
    expect(after).toMatchObject({ phase: 'Running', metrics: [{ error: 1, consecutiveError: 1 }] });
  });
});
