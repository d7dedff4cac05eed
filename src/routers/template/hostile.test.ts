import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { asMap, context, target } from '../../../test/traffic/cases.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import { Place } from '../../schema/place.js';
import type { Problem } from '../../schema/problem.js';
import { readTemplateRouter, type TemplateConfig } from './schema.js';
import { template } from './template.js';

const base = context();
const route = (spec: JsonObject): JsonObject => ({ apiVersion: 'example.com/v1', kind: 'Route', spec });
const NAMES = { name: 'my-app', rootService: 'my-app' };
const WEIGHT = '$(canaryWeight)';

/** Everything that is done with a template: it is read, checked, rendered, and read back from an observed object. */
function problemsOf(config: TemplateConfig, observed?: KubeObject): readonly string[] {
  const problems: Problem[] = [];
  readTemplateRouter([config], NAMES, new Place('template', problems));
  if (problems.length === 0) problems.push(...template.problems(config, 'template[0]'));
  const [desired] = template.desired(config, target(20), base);
  template.observed(config, { ...base, children: asMap([observed ?? desired!]), maxWeight: 100 });
  return problems.map(({ path, problem }) => `${path}: ${problem}`);
}

/** Processor time, so that what else the machine does is not counted. */
function millisecondsOf(run: () => unknown): number {
  const before = performance.now();
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return Math.min(performance.now() - before, (user + system) / 1000);
}

// What is not bounded takes minutes and more; a machine that is busy or instrumented takes ten times as long as a quiet one.
const LIMIT_MS = 500;
const long = 'a'.repeat(60);
const wide: JsonObject = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, [[long], [long]]]));

// What is loaded and compiled on first use is nobody's fault.
problemsOf({ object: route({ weight: WEIGHT, wide }), observedWeight: '$.spec.weight' });

describe('a path that would take for ever is refused, in no time', () => {
  it.each([
    "$.spec[?search(@,'^(a+)+$')]",
    "$.spec[?match(@,'(a|a)*b')]",
    `$${'..*'.repeat(20)}`,
    `$.spec${'[*,*]'.repeat(30)}`,
    `$.spec${'[?@[?@[?@]]]'.repeat(5)}`,
    `$..[?${'@.a==1||'.repeat(25)}@.b]`,
    `$[?${'('.repeat(110)}@..a${')'.repeat(110)}]`,
    `$[?${Array(20).fill('@..*').join('&&')}]`,
    `$${'[0'.repeat(80)}`,
  ])('%s', observedWeight => {
    const config = { object: route({ weight: WEIGHT, wide }), observedWeight };
    let problems: readonly string[] = [];
    expect(millisecondsOf(() => (problems = problemsOf(config)))).toBeLessThan(LIMIT_MS);
    expect(problems).toEqual([expect.stringContaining('template[0].observedWeight: ')]);
  });

  it('of a value in status, too, which is not read back while it is validated', () => {
    const config = { object: route({ weight: WEIGHT }), observedWeight: "$.status..*[?search(@,'^(a+)+$')]" };
    expect(problemsOf(config)).toEqual([expect.stringContaining('template[0].observedWeight: ')]);
  });
});

describe('a text', () => {
  it.each([
    ['$(canaryWeight)'.repeat(24), 'it is unclear where $(canaryWeight) ends'],
    ['$(canaryWeight)0', 'it is unclear where $(canaryWeight) ends'],
    ['$(canaryWeight) $(stableWeight)$(canaryService)', 'it is unclear where $(stableWeight) ends'],
    ['$(canaryRevision)a $(canaryWeight)', 'it is unclear where $(canaryRevision) ends'],
    ['$(stableRevision)$(canaryRevision) $(canaryWeight)', 'it is unclear where $(stableRevision) ends'],
    [`${'x'.repeat(4090)}$(canaryWeight)`, 'has 4105 characters, more than 4096'],
  ])('%s is refused: %s', (text, problem) => {
    const config = { object: route({ list: [{ text }] }) };
    expect(problemsOf(config)).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf(config)[0]).toMatch(/^template\[0\]\.object\.spec\.list\[0\]\.text: /);
  });

  it('that is observed in its place takes time in proportion to its length', () => {
    const text = `${'$(canaryWeight),$(canaryRevision)-'.repeat(100)}x`;
    const config = { object: route({ text }) };
    const hostile = `${'1'.repeat(3000)},${'a'.repeat(3000)}-`.repeat(100);
    const observed = { ...template.desired(config, target(20), base)[0]!, spec: { text: hostile } };
    expect(millisecondsOf(() => problemsOf(config, observed))).toBeLessThan(LIMIT_MS);
  });
});

describe('a kind that splits no traffic is refused:', () => {
  it.each([
    ['v1', 'Pod'],
    ['v1', 'Service'],
    ['apps/v1', 'ReplicaSet'],
    ['batch/v1', 'Job'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
    ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
    ['orchestration.aibrix.io/v1alpha1', 'StormService'],
    ['metacontroller.k8s.io/v1alpha1', 'CompositeController'],
  ])('%s %s', (apiVersion, kind) => {
    const problems = problemsOf({ object: { ...route({ weight: WEIGHT }), apiVersion, kind } });
    expect(problems).toEqual([
      `template[0].object.apiVersion: ${kind} of ${apiVersion} is not a kind that routes traffic`,
    ]);
  });

  it.each(['networking.k8s.io/v1', 'gateway.networking.k8s.io/v1', 'apisix.apache.org/v2'])('not %s', apiVersion => {
    expect(problemsOf({ object: { ...route({ weight: WEIGHT }), apiVersion } })).toEqual([]);
  });
});

it('an ambiguous text reads nothing, although all that is wrong is said at once', () => {
  const object = route({ text: `${'$(canaryWeight)'.repeat(24)}x`, other: '1'.repeat(60) });
  const config = { object, observedWeight: '$.spec.*' };
  let problems: readonly string[] = [];
  const read = () => {
    const found: Problem[] = [];
    readTemplateRouter([config], NAMES, new Place('template', found));
    problems = [...found, ...template.problems(config, 'template[0]')].map(({ path }) => path);
  };
  expect(millisecondsOf(read)).toBeLessThan(LIMIT_MS);
  expect(problems).toEqual(['template[0].object.spec.text', 'template[0].observedWeight']);
});

it('the weight in more than 32 places is refused', () => {
  const places = (count: number) => problemsOf({ object: route({ weights: Array(count).fill(WEIGHT) }) });
  expect(places(32)).toEqual([]);
  expect(places(33)).toEqual(['template[0].object: it has $(canaryWeight) in 33 places, more than 32']);
});

it('an object of more than 5,000 values is refused', () => {
  const values = (count: number) => problemsOf({ object: route({ weight: WEIGHT, list: Array(count).fill(0) }) });
  expect(values(4900)).toEqual([]);
  expect(values(5000)).toEqual(['template[0].object: it has more than 5000 values']);
});

it('an object that somebody made huge is not searched', () => {
  const config = { object: route({ weight: WEIGHT }), observedWeight: '$..weight' };
  const desired = template.desired(config, target(20), base)[0]!;
  const huge = { ...desired, spec: { weight: 20, all: Array(100_000).fill({}) } };
  const observed = template.observed(config, { ...base, children: asMap([huge]), maxWeight: 100 });
  expect(observed).toMatchObject({ agreed: false, refused: expect.stringContaining('the object is too large') });
});

it('a path that finds more than 100 values is an error of its author', () => {
  const config = { object: route({ weight: WEIGHT }), observedWeight: '$..*' };
  const desired = template.desired(config, target(20), base)[0]!;
  const many = { ...desired, spec: { weight: 20, all: Array(200).fill(20) } };
  const observed = template.observed(config, { ...base, children: asMap([many]), maxWeight: 100 });
  expect(observed).toMatchObject({ agreed: false, refused: expect.stringContaining('more than 100') });
});
