import { expect, it } from 'vitest';
import { type Condition, isTrue } from './conditions.js';
import { StatusSchema } from './schema.js';

it('isTrue asks for both, the type and the status', () => {
  const conditions: readonly Condition[] = [
    { type: 'Paused', status: 'True' },
    { type: 'InvalidSpec', status: 'False' },
  ];
  expect(isTrue(conditions, 'Paused')).toBe(true);
  expect(isTrue(conditions, 'InvalidSpec')).toBe(false);
  expect(isTrue([], 'Paused')).toBe(false);
});

it('the schema names every condition and every phase', () => {
  const types =
    'Available, Progressing, Paused, Healthy, Aborted, InvalidSpec, RoutingReady, AnalysisReady or ReplicaFailure.';
  expect(StatusSchema.properties.conditions.items.properties).toMatchObject({
    type: { description: types },
    status: { description: 'True, False or Unknown.' },
  });
  expect(StatusSchema.properties.rolloutStatus.properties).toMatchObject({
    phase: { description: 'Healthy, Progressing, Paused or Degraded.' },
  });
});
