import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerSync } from '../../src/hook/sync.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { midway } from './requests.js';

const NOW = Date.UTC(2026, 0, 1, 1);

/** A status with some of its values replaced by anything at all. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('9999-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', 'abc', '', -1, 1e300, Number.MAX_SAFE_INTEGER),
  );
  if (typeof value !== 'object' || value === null) return fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, junk);
  const whole = Array.isArray(value)
    ? fc.tuple(...value.map(damaged))
    : fc.record(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, damaged(member)])), {
        requiredKeys: [],
      });
  return fc.oneof({ weight: 12, arbitrary: whole }, junk);
}

function podsOf(children: readonly KubeObject[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    children
      .filter(({ kind }) => kind === 'ReplicaSet')
      .map(child => [child.metadata.name, (child['spec'] as { replicas: number }).replicas]),
  );
}

describe.each([
  ['canary', { canary: { steps: [{ setWeight: 50 }, { pause: true }, { setWeight: 80 }] } }],
  ['blue-green', { blueGreen: { autoPromotionEnabled: false } }],
])('a status that says anything at all: %s', async (_, rolloutStrategy) => {
  const { request } = await midway(rolloutStrategy);
  const observed = Object.values(request.children).flatMap(group => Object.values(group));

  it('is answered, and takes no running pods away that would leave fewer than the service needs', () => {
    fc.assert(
      fc.property(damaged(request.parent['status']), status => {
        const parent = { ...request.parent, status } as KubeObject;
        const { children } = answerSync({ ...request, parent }, NOW, { applyStrategy: 'dynamic-apply' });
        const names = children.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
        for (const { kind, metadata } of observed) expect(names).toContain(`${kind} ${metadata.name}`);
        const [before, after] = [podsOf(observed), podsOf(children)];
        // All observed pods are available: what is left of them is what keeps serving.
        const left = Object.entries(before).reduce((sum, [name, pods]) => sum + Math.min(pods, after[name] ?? 0), 0);
        expect(left).toBeGreaterThanOrEqual(3);
        expect(JSON.parse(JSON.stringify(children))).toEqual(children);
      }),
      { numRuns: 500 },
    );
  });
});
