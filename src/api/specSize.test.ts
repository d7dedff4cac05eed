import { describe, expect, it } from 'vitest';
import { context, metric, type Raw, steps, template } from '../../test/api/specs.js';
import { answerSync } from '../hook/sync.js';
import { readSpec } from './readSpec.js';

const many = <Item>(count: number, item: (index: number) => Item) => Array.from({ length: count }, (_, i) => item(i));
const fields = (count: number, value: unknown) => Object.fromEntries(many(count, index => [`f${index}`, value]));
const nested = (levels: number): Raw => (levels === 0 ? {} : { inner: nested(levels - 1) });
const specOf = (container: Raw, pod: Raw = {}): Raw => ({
  template: template({ containers: [{ name: 'web', image: 'web:1', ...container }], ...pod }),
});

/** Milliseconds of processor time: what else the machine does is not counted. */
function millisecondsOf(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

// What is not bounded takes minutes; a machine that is busy takes several times as long as a quiet one.
const LIMIT_MS = 2000;

describe('a spec that is too large is refused at once', () => {
  const container = 'spec.template.spec.containers[0]';
  it.each<[string, unknown, string, string]>([
    ['ports', specOf({ ports: many(60_000, i => ({ containerPort: i + 1 })) }), `${container}.ports`, '60,000 entries'],
    [
      'arguments that are no strings',
      specOf({ args: many(400_000, () => []) }),
      `${container}.args`,
      '400,000 entries',
    ],
    ['unknown fields', { ...specOf({}), ...fields(50_000, 1) }, 'spec', '50,001 entries'],
    ['labels', { template: template({}, { labels: fields(1001, 'x') }) }, 'spec.template.metadata.labels', '1,001'],
    [
      'many lists',
      specOf(
        {},
        fields(
          20,
          many(900, () => 1),
        ),
      ),
      'spec',
      'more than 10,000 values',
    ],
    ['depth', specOf({ env: nested(5000) }), `${container}.env${'.inner'.repeat(59)}`, 'more than 64 levels deep'],
    ['a long name', { ...specOf({}), ['x'.repeat(100_000)]: 1 }, 'spec', 'a field name has 100,000 characters'],
    ['no object', many(1001, () => 1), 'spec', '1,001 entries'],
  ])('%s', (_, raw, path, problem) => {
    let read: unknown;
    expect(millisecondsOf(() => (read = readSpec(raw, context)))).toBeLessThan(LIMIT_MS);
    const problems = [{ path, problem: expect.stringContaining(problem), remedy: expect.any(String) }];
    expect(read).toEqual({ ok: false, problems });
  });
});

describe('within the limits', () => {
  it.each<[string, Raw]>([
    ['ports', specOf({ ports: many(1000, index => ({ containerPort: index + 1, name: `p${index}` })) })],
    ['variables', specOf({ env: many(1000, index => ({ name: `E${index}`, value: 'x' })) })],
    ['labels', { template: template({}, { labels: fields(1000, 'x') }) }],
  ])('long lists are read: %s', (_, raw) => {
    let read: { readonly ok?: boolean } = {};
    expect(millisecondsOf(() => (read = readSpec(raw, context)))).toBeLessThan(LIMIT_MS);
    expect(read.ok).toBe(true);
  });

  it.each<[string, Raw]>([
    ['unknown fields', { ...specOf({}), ...fields(900, 1) }],
    ['unknown fields of the pod', specOf({}, fields(900, 1))],
    ['arguments that are no strings', specOf({ args: many(1000, () => []) })],
    ['labels that are no strings', { template: template({}, { labels: fields(1000, 1) }) }],
  ])('of many problems the first 100 are explained: %s', (_, raw) => {
    expect(readSpec(raw, context)).toMatchObject({ ok: false, problems: { length: 100 } });
  });
});

it('conditions that take too long to compile together are not compiled', () => {
  const conditionsOf = (count: number) => {
    const one = (index: number) => `result > ${1000 + index}${' || result > 1'.repeat(70)}`;
    return steps({
      analysis: { metrics: many(count, index => metric({ name: `m${index}`, successCondition: one(index) })) },
    });
  };
  expect(readSpec(conditionsOf(16), context).ok).toBe(true);
  expect(readSpec(conditionsOf(17), context)).toEqual({
    ok: false,
    problems: [
      {
        path: 'spec.rolloutStrategy',
        problem: 'the conditions of all metrics together have 16881 characters',
        remedy: 'use at most 16384: shorten them, or let the queries do more of the work',
      },
    ],
  });
});

it('the condition of a StormService tells of the first problems, and how many more there are', () => {
  const metadata = { name: 'my-app', namespace: 'default', uid: 'uid' };
  const parent = { apiVersion: 'orchestration.aibrix.io/v1alpha1', kind: 'StormService', metadata };
  const spec = { ...specOf({}), ...fields(900, 1) };
  const { status } = answerSync({ parent: { ...parent, spec }, children: {} }, 0, { applyStrategy: 'dynamic-apply' });
  expect(status).toMatchObject({
    rolloutStatus: { message: expect.stringMatching(/^spec\.f0: .* spec\.f19: .*\. There are 80 more problems$/) },
  });
});
