import { describe, expect, it } from 'vitest';
import type { Condition } from '../../status/conditions.js';
import { stamp } from './conditions.js';

const T = Date.UTC(2026, 0, 1);
const before: readonly Condition[] = [
  { type: 'Healthy', status: 'True', reason: 'AllAvailable', message: '', lastTransitionTime: '2025-06-01T00:00:00Z' },
];

describe('stamp', () => {
  it.each([
    [
      'keeps the time of one whose status is as it was, whatever it says',
      { type: 'Healthy', status: 'True', reason: 'Other', message: 'new' },
      '2025-06-01T00:00:00Z',
    ],
    [
      'dates one whose status has changed',
      { type: 'Healthy', status: 'False', reason: 'Paused', message: '' },
      '2026-01-01T00:00:00Z',
    ],
    [
      'dates one that is new',
      { type: 'Paused', status: 'True', reason: 'Paused', message: '' },
      '2026-01-01T00:00:00Z',
    ],
  ] as const)('%s', (_, draft, lastTransitionTime) => {
    expect(stamp([draft], before, T)).toEqual([{ ...draft, lastTransitionTime }]);
  });
});
