import { describe, expect, test } from 'vitest';
import { type Node, schemaOf } from '../../test/api/crds.js';
import { type CustomResourceDefinition, customResourceDefinitions } from './crd.js';

const INT_OR_STRING = 'x-kubernetes-int-or-string';
const OPEN = 'x-kubernetes-preserve-unknown-fields';
/** All keywords that our CRDs may have: the API server knows them and no others come from TypeBox. */
const KEYWORDS = [
  'type',
  'description',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'enum',
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'maxProperties',
  'pattern',
  'not',
  'anyOf',
  'oneOf',
  INT_OR_STRING,
  OPEN,
  'x-kubernetes-validations',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
];

/** Every node with its path. */
function* nodes(node: Node, path: string): Generator<[string, Node]> {
  yield [path, node];
  for (const [name, field] of Object.entries((node['properties'] ?? {}) as Record<string, Node>))
    yield* nodes(field, `${path}.${name}`);
  for (const below of ['items', 'additionalProperties']) {
    if (node[below] !== undefined) yield* nodes(node[below] as Node, `${path}[]`);
  }
}

const all = customResourceDefinitions().flatMap(crd => [...nodes(schemaOf(crd), crd.metadata.name)]);

describe('structural schema', () => {
  test('every node has a type, or is one of the two kinds that need none', () => {
    const untyped = all.filter(
      ([, node]) => typeof node['type'] !== 'string' && node[INT_OR_STRING] !== true && node[OPEN] !== true,
    );
    expect(untyped).toEqual([]);
  });

  test('an int-or-string has no type', () => {
    expect(all.filter(([, node]) => node[INT_OR_STRING] === true && 'type' in node)).toEqual([]);
  });

  test('no keyword that the API server does not know, no reference, no union of types', () => {
    const foreign = all.flatMap(([path, node]) =>
      Object.keys(node)
        .filter(key => !KEYWORDS.includes(key))
        .map(key => `${path}: ${key}`),
    );
    expect(foreign).toEqual([]);
  });

  test('branches are value validations of declared fields: none has a type, a default or a description', () => {
    const branches = all.flatMap(([path, node]) =>
      [...((node['anyOf'] ?? []) as Node[]), ...((node['oneOf'] ?? []) as Node[])].map(
        branch => [path, node, branch] as const,
      ),
    );
    for (const [path, node, branch] of branches) {
      expect(Object.keys(branch).filter(key => key !== 'required' && key !== 'properties')).toEqual([]);
      const fields = Object.entries((branch['properties'] ?? {}) as Readonly<Record<string, Node>>);
      const declared = Object.keys((node['properties'] ?? {}) as Node);
      expect(declared, path).toEqual(expect.arrayContaining(fields.map(([name]) => name)));
      const forbidden = fields
        .flatMap(([, field]) => Object.keys(field))
        .filter(key => ['type', 'default', 'description'].includes(key));
      expect(forbidden).toEqual([]);
    }
  });

  test('objects and lists are complete', () => {
    const lists = all.filter(([, node]) => node['type'] === 'array' && node['items'] === undefined);
    const objects = all.filter(
      ([, { type, properties, additionalProperties, [OPEN]: open }]) =>
        type === 'object' && !properties && !additionalProperties && !open,
    );
    expect(lists).toEqual([]);
    expect(objects.map(([path]) => path).filter(path => !path.endsWith('.metadata'))).toEqual([]);
  });

  test('keys of list maps are required fields of the items', () => {
    for (const [path, node] of all) {
      const keys = (node['x-kubernetes-list-map-keys'] ?? []) as string[];
      expect(((node['items'] as Node | undefined)?.['required'] ?? []) as string[], path).toEqual(
        expect.arrayContaining(keys),
      );
    }
  });

  test('every field has a description', () => {
    const silent = all.filter(([path, node]) => !node['description'] && !/\.metadata$|\[\]$/.test(path));
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('nothing inside a template has a default: a new default would change the hash of every revision', () => {
    expect(all.filter(([path, node]) => path.includes('.spec.template') && 'default' in node)).toEqual([]);
  });

  test('lists that rules look into are bounded, for the cost of the rules', () => {
    const bounded = all.filter(
      ([path, node]) => node['type'] === 'array' && path.includes('.spec.') && node['maxItems'] === undefined,
    );
    expect(bounded.map(([path]) => path)).toEqual([]);
  });

  test('small enough for the annotation that kubectl apply writes', () => {
    for (const crd of customResourceDefinitions()) expect(JSON.stringify(crd).length).toBeLessThan(100_000);
  });
});

describe('subresources, columns and names', () => {
  test('scale works for autoscalers, status is a subresource', () => {
    expect(customResourceDefinitions()[0]?.spec).toMatchObject({
      names: { shortNames: ['storm'] },
      versions: [
        {
          name: 'v1alpha1',
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
        },
      ],
    });
  });

  test('columns', () => {
    const [{ spec }] = customResourceDefinitions() as readonly [CustomResourceDefinition];
    const { versions } = spec as { versions: { additionalPrinterColumns: { name: string; priority?: number }[] }[] };
    expect(versions[0]?.additionalPrinterColumns.map(({ name, priority = 0 }) => [name, priority])).toEqual([
      ['Strategy', 0],
      ['Phase', 0],
      ['Step', 0],
      ['Weight', 0],
      ['Revision', 0],
      ['Message', 1],
      ['Age', 0],
    ]);
  });
});
