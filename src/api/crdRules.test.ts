import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { defaulted, specSchema } from '../../test/api/crds.js';
import { INVALID, LEFT_TO_THE_HOOK } from '../../test/api/invalidSpecs.js';
import { serverChecker } from '../../test/api/server.js';
import {
  blueGreen,
  canary,
  container,
  context,
  metric,
  type Raw,
  role,
  roles,
  routed,
  spec,
  stepMetric,
  steps,
  withStrategy,
} from '../../test/api/specs.js';
import { healthCheck, VALID } from '../../test/api/validSpecs.js';
import { readSpec } from './readSpec.js';

const schema = specSchema();
const refusedByServer = serverChecker(schema);

describe('valid for the API server', () => {
  test.each(VALID)('%s passes every check', (_, raw) => {
    expect(refusedByServer(raw)).toEqual([]);
  });

  test.each(VALID)('%s means the same with the defaults that the API server writes', (_, raw) => {
    const result = readSpec(raw, context);
    expect(result.ok).toBe(true);
    expect(readSpec(defaulted(schema, raw), context)).toEqual(result);
  });
});

test.each<[string, Raw, string]>([
  ['canary and blueGreen', withStrategy({ canary: {}, blueGreen: {} }), 'mutually exclusive'],
  ['a type without its field', withStrategy({ type: 'Canary' }), 'requires canary'],
  ['a type that disagrees', withStrategy({ type: 'RollingUpdate', canary: {} }), 'allows only'],
  ['both bounds 0', canary({ maxSurge: 0, maxUnavailable: '0%' }), 'both be 0'],
  ['a weight over 100', steps({ setWeight: 101 }), 'at most 100'],
  ['a weight over maxTrafficWeight', routed({ smi: {}, maxTrafficWeight: 50 }, { setWeight: 60 }), 'maxTrafficWeight'],
  ['a step without an action', steps({ name: 'a' }), 'setWeight'],
  ['two steps of one name', steps({ name: 'a', setWeight: 1 }, { name: 'a', setWeight: 2 }), 'must be unique'],
  ['setCanaryScale without routing', steps({ setCanaryScale: { replicas: 1 } }), 'require trafficRouting'],
  ['two scales at once', routed({ smi: {} }, { setCanaryScale: { replicas: 1, weight: 1 } }), 'exactly one'],
  ['dynamicStableScale without routing', canary({ dynamicStableScale: true }), 'requires trafficRouting'],
  ['a stable Service without routing', canary({ stableService: 'a' }), 'require trafficRouting'],
  ['a canary Service without routing', canary({ canaryService: 'a' }), 'require trafficRouting'],
  ['a scale-down delay without routing', canary({ scaleDownDelaySeconds: 30 }), 'require trafficRouting'],
  ['a deadline no longer than minReadySeconds', spec({ minReadySeconds: 600 }), 'greater than minReadySeconds'],
  [
    'a starting step beyond the last step',
    canary({ steps: [{ setWeight: 5 }], analysis: { metrics: [metric()], startingStep: 2 } }),
    'number of steps',
  ],
  [
    'weights that the Gateway API does not take',
    routed({ gatewayAPI: { httpRoute: { parentRefs: [{ name: 'a' }] } }, maxTrafficWeight: 1_000_001 }),
    'at most 1000000',
  ],
  ['no router', routed({ settleSeconds: 1 }), 'at least one of'],
  ['active and preview the same', blueGreen({ activeService: 'a', previewService: 'a' }), 'must differ'],
  [
    'containers and roles',
    spec({ template: { spec: { containers: [container()], roles: [role()] } } }),
    'exactly one of containers',
  ],
  ['neither', spec({ template: { spec: {} } }), 'exactly one of containers'],
  ['an empty analysis', steps({ analysis: {} }), 'templates or metrics'],
  [
    'two kinds of check',
    withStrategy({ canary: {}, autoRollback: { healthChecks: [{ ...healthCheck, web: {} }] } }),
    'exactly one',
  ],
])('the API server refuses %s, and so does the hook', (_, raw, message) => {
  expect(refusedByServer(raw).join('; ')).toContain(message);
  expect(readSpec(raw, context).ok).toBe(false);
});

test('the API server shows a template that is valid where there is none', () => {
  const [message = ''] = refusedByServer({ rolloutStrategy: { canary: { steps: [{ setWeight: 10 }] } } });
  expect(message).toMatch(/^template is required: add spec.template, for example template: /);
  const example = load(message.replace(/^.*for example /, ''));
  expect(readSpec(example, context).ok).toBe(true);
  expect(refusedByServer(example)).toEqual([]);
});

describe('of the invalid specs', () => {
  const refusedAtOnce = INVALID.filter(([, raw]) => refusedByServer(raw).length > 0);
  const left = INVALID.filter(row => !refusedAtOnce.includes(row)).map(([title]) => title);

  test(`the API server refuses ${refusedAtOnce.length} of ${INVALID.length} by itself`, () => {
    expect(left).toEqual(Object.keys(LEFT_TO_THE_HOOK));
    expect(refusedAtOnce.length).toBeGreaterThanOrEqual(60);
  });

  test.each(INVALID)('the hook refuses %s', (_, raw, path) => {
    const result = readSpec(raw, context);
    expect(result.ok ? [] : result.problems.map(problem => problem.path)).toContain(path);
  });
});

describe('what the hook accepts, the API server does not refuse', () => {
  const digits = fc.stringMatching(/^[0-9]{1,3}(\.[0-9])?$/);
  const duration = fc.oneof(
    fc.nat({ max: 2 ** 31 }),
    fc
      .array(fc.tuple(digits, fc.constantFrom('h', 'm', 's', 'ms', 'x', '')), { maxLength: 3 })
      .map(parts => parts.flat().join('')),
  );
  const count = fc.oneof(fc.integer({ min: -2, max: 5 }), fc.stringMatching(/^-?[0-9]{0,2}[%x ]?$/));
  const word = fc.stringMatching(/^[-A-Za-z0-9._ ]{0,8}$/);
  const arg = fc.constantFrom('{{args.a}}', '{{ args.a }}s');
  const specs: Readonly<Record<string, fc.Arbitrary<Raw>>> = {
    'a pause': fc.oneof(duration, fc.constant(undefined)).chain(time =>
      fc.constantFrom(undefined, true, false).map(untilApproval => {
        const fields = { duration: time, untilApproval };
        return steps({ pause: JSON.parse(JSON.stringify(fields)) });
      }),
    ),
    bounds: fc.tuple(count, count).map(([maxSurge, maxUnavailable]) => canary({ maxSurge, maxUnavailable })),
    'a timeout': duration.map(onTimeout => withStrategy({ canary: {}, autoRollback: { onTimeout } })),
    'an interval': fc.oneof(duration, arg).map(interval => stepMetric({ interval, count: 2 })),
    limits: fc
      .record(
        { count: fc.oneof(count, arg), failureLimit: count, inconclusiveLimit: count, consecutiveSuccessLimit: count },
        { requiredKeys: [] },
      )
      .map(limits => stepMetric({ interval: '1m', ...limits })),
    'a name of a metric': fc.string({ unit: 'binary', maxLength: 4 }).map(name => stepMetric({ name })),
    'a label': word.map(value => canary({ canaryMetadata: { labels: { role: value } } })),
    'a Service name': word.map(name => spec({ service: { name: name.toLowerCase() } })),
    'a role': word.map(name => roles(role({ name: name.toLowerCase() }))),
    'a selector': fc
      .tuple(word, word)
      .map(([key, value]) => spec({ selector: { matchLabels: { app: 'my-app', [`a${key}`]: value } } })),
  };

  test.each(Object.entries(specs))('%s', (name, arbitrary) => {
    let accepted = 0;
    fc.assert(
      fc.property(arbitrary, raw => {
        if (!readSpec(raw, context).ok) return;
        accepted++;
        expect(refusedByServer(raw)).toEqual([]);
      }),
      { numRuns: 300 },
    );
    // Random: of limits some ten are accepted.
    expect(accepted).toBeGreaterThan(name === 'a selector' ? -1 : 0);
  });
});
