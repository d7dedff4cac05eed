import { describe, expect, it } from 'vitest';
import { asMap, context, target } from '../../../test/traffic/cases.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import type { TemplateConfig } from './schema.js';
import { template } from './template.js';

const base = context();
const object: JsonObject = {
  apiVersion: 'projectcontour.io/v1',
  kind: 'HTTPProxy',
  metadata: { name: 'web', labels: { team: 'shop' }, annotations: { weight: '$(canaryWeight)' } },
  spec: {
    virtualhost: { fqdn: 'shop.example.com' },
    note: '$(stableRevision)/$(canaryRevision) at $(stableWeight):$(canaryWeight), $(other)',
    routes: [
      {
        services: [
          { name: '$(stableService)', port: 80, weight: '$(stableWeight)' },
          { name: '$(canaryService)', port: 81, weight: '$(canaryWeight)' },
        ],
      },
    ],
  },
};
const observe = (config: TemplateConfig, child: KubeObject) =>
  template.observed(config, { ...base, children: asMap([child]), maxWeight: 100 });
const only = (config: TemplateConfig, weight = 20) => template.desired(config, target(weight), base)[0]!;

describe('a template', () => {
  it('becomes an object: a text that is nothing but a weight a number, labels and annotations texts', () => {
    expect(only({ object })).toEqual({
      apiVersion: 'projectcontour.io/v1',
      kind: 'HTTPProxy',
      metadata: {
        name: 'web',
        namespace: 'shop',
        labels: { team: 'shop', 'orchestration.aibrix.io/stormservice': 'my-app' },
        annotations: { weight: '20' },
      },
      spec: {
        virtualhost: { fqdn: 'shop.example.com' },
        note: 'aaa/bbb at 80:20, $(other)',
        routes: [
          {
            services: [
              { name: 'my-app-stable', port: 80, weight: 80 },
              { name: 'my-app-canary', port: 81, weight: 20 },
            ],
          },
        ],
      },
    });
    expect(template.kinds({ object })).toEqual(['HTTPProxy.projectcontour.io/v1']);
  });

  it('is read back wherever it has the weight, and agrees only when all of these do', () => {
    expect(observe({ object }, only({ object }))).toMatchObject({ weight: 20, agreed: true });
    const edited = only({ object });
    const moved = { ...edited, metadata: { ...edited.metadata, annotations: { weight: '70' } } };
    expect(observe({ object }, moved)).toMatchObject({ weight: 70, agreed: false });
  });

  it('is read at observedWeight, in which placeholders may stand', () => {
    const config = { object, observedWeight: "$..services[?@.name=='$(canaryService)'].weight" };
    expect(observe(config, only(config, 35))).toMatchObject({ weight: 35, agreed: true });
  });

  it('reads a weight out of a text of the template', () => {
    const config = { object, observedWeight: '$.spec.note' };
    expect(observe(config, only(config, 35))).toMatchObject({ weight: 35, agreed: true });
  });

  it('knows nothing of the weight of an object that has none, and agrees on nothing', () => {
    const config = { object, observedWeight: '$.spec.routes[*].services[1].weight' };
    const empty = { ...only(config), spec: {} };
    expect(observe(config, empty)).toEqual({
      state: 'present',
      weight: 0,
      agreed: false,
      managedRoutes: [],
      refused: 'HTTPProxy shop/web: observedWeight $.spec.routes[*].services[1].weight finds no weights',
    });
    expect(observe({ object }, empty)).toMatchObject({
      agreed: false,
      refused: 'HTTPProxy shop/web: the canary weight is not where the template has it',
    });
  });
});

describe('problems', () => {
  const services = (...ports: readonly number[]) => ports.map(port => ({ name: 'a', port, weight: '$(canaryWeight)' }));
  const withSpec = (spec: JsonObject, metadata: JsonObject = {}): TemplateConfig => ({
    object: { apiVersion: 'a/v1', kind: 'A', metadata, spec },
  });

  it.each<[string, TemplateConfig, string]>([
    ['an observedWeight that is no JSONPath', { object, observedWeight: '$.spec[' }, 't.observedWeight'],
    ['one that finds nothing', { object, observedWeight: '$.spec.nothing' }, 't.observedWeight'],
    ['one that finds another number', { object, observedWeight: '$..port' }, 't.observedWeight'],
    ['a list that dynamic apply collapses', withSpec({ list: services(80, 80) }), 't.object.spec.list'],
    [
      'a label that is no string',
      withSpec({ w: '$(canaryWeight)' }, { labels: { on: true } }),
      't.object.metadata.labels[on]',
    ],
  ])('%s', (_, config, path) => {
    expect(template.problems(config, 't').map(problem => problem.path)).toEqual([path]);
  });

  it('are none for different ports, under server-side apply, and where only status tells the weight', () => {
    expect(template.problems(withSpec({ list: services(80, 81) }), 't')).toEqual([]);
    expect(template.problems(withSpec({ list: services(80, 80) }), 't', 'server-side-apply')).toEqual([]);
    expect(template.problems({ object, observedWeight: '$.status.weight' }, 't')).toEqual([]);
    // Routes without a name are replaced whole, and with them all that is inside.
    expect(template.problems(withSpec({ routes: [{ services: services(80, 80) }] }), 't')).toEqual([]);
    expect(template.problems(withSpec({ routes: [{ name: 'a', services: services(80, 80) }] }), 't')).toHaveLength(1);
  });
});

describe('the object', () => {
  it('is named like the StormService where the template has no name, and has no annotations of its own', () => {
    const { metadata: _, ...unnamed } = object;
    const child = only({ object: { ...unnamed, status: { a: 1 } } });
    expect(child.metadata).toEqual({
      name: 'my-app',
      namespace: 'shop',
      labels: { 'orchestration.aibrix.io/stormservice': 'my-app' },
    });
    expect(child).not.toHaveProperty('status');
  });

  it('is absent before it exists', () => {
    expect(template.observed({ object }, { ...base, maxWeight: 100 })).toEqual({
      state: 'absent',
      missing: ['HTTPProxy shop/web'],
    });
  });

  it('with a fraction of a weight counts as the next whole one', () => {
    const config = { object, observedWeight: '$.w' };
    expect(observe(config, { ...only(config), w: 20.1 })).toMatchObject({ weight: 21, agreed: true });
  });
});

it('problems say what is read, and what to write', () => {
  expect(template.problems({ object, observedWeight: '$..port' }, 't')).toEqual([
    {
      path: 't.observedWeight',
      problem: 'it reads 80, 81 from an object whose canary weight is 37',
      remedy: 'write the JSONPath of a value that is, or contains, $(canaryWeight)',
    },
  ]);
  const list = [{ port: 80, w: '$(canaryWeight)' }, { port: 80 }];
  const config: TemplateConfig = {
    object: { apiVersion: 'a/v1', kind: 'A', metadata: { annotations: { a: 1 } }, list },
  };
  expect(template.problems(config, 't')).toEqual([
    expect.objectContaining({ path: 't.object.metadata.annotations[a]', problem: expect.stringContaining('1') }),
    {
      path: 't.object.list',
      problem: "two items have port 80, so Metacontroller's dynamic apply would merge them into one",
      remedy: 'give each item a unique port, or run Metacontroller with --apply-strategy=server-side-apply',
    },
  ]);
});
