import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canary, container, context, routed, spec, steps, template } from '../../test/api/specs.js';
import { checkObject } from './checkObject.js';
import { readSpec } from './readSpec.js';

describe('any JSON', () => {
  const keys = [
    'template',
    'spec',
    'containers',
    'roles',
    'rolloutStrategy',
    'canary',
    'steps',
    'blueGreen',
    'pause',
    'analysis',
    'metrics',
    'service',
    'ports',
    'name',
    'labels',
    'metadata',
    'env',
    'updateStrategy',
    'trafficRouting',
    'istio',
    'nginx',
    'provider',
    'healthChecks',
    'setWeight',
    '__proto__',
    'constructor',
    'toString',
    '/~',
    'volumes',
    'volumeMounts',
    'initContainers',
    'resources',
    'affinity',
  ];
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'large', withCrossShrink: true },
      fc.constantFrom(null, true, 0, -1, 1.5, '', '30s', 'a', '25%'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
    ),
  }));

  test('is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(value, fc.jsonValue()), raw => {
        const result = readSpec(raw, context);
        expect(result.ok || result.problems.length > 0).toBe(true);
        expect(checkObject(raw, 'dynamic-apply').length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('inside a valid spec: the same', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(...keys), (raw, key) => {
        for (const patched of [
          spec({ [key]: raw }),
          canary({ [key]: raw }),
          steps({ [key]: raw }),
          spec({ template: template({ [key]: raw }) }),
          spec({ template: template({ containers: [container({ [key]: raw })] }) }),
        ]) {
          const result = readSpec(patched, context);
          expect(result.ok || result.problems.every(({ path, problem, remedy }) => path && problem && remedy)).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the input is not changed', () => {
    const raw = routed({ istio: { virtualService: 'vs' } }, { weight: 5, pause: true });
    const copy = structuredClone(raw);
    readSpec(raw, context);
    expect(raw).toEqual(copy);
  });
});
