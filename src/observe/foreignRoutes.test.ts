import { expect, it } from 'vitest';
import type { KubeObject } from '../metacontroller/object.js';
import { foreignRoutes } from './foreignRoutes.js';

function object(kind: string, apiVersion: string, name: string): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'shop' } };
}

const SPLIT = object('TrafficSplit', 'split.smi-spec.io/v1alpha1', 'my-app');
const RENAMED = object('TrafficSplit', 'split.smi-spec.io/v1alpha1', 'other');
const LATER = object('TrafficSplit', 'split.smi-spec.io/v1alpha4', 'my-app');
const ROUTE = object('HTTPRoute', 'gateway.networking.k8s.io/v1', 'my-app');

it.each<[string, readonly KubeObject[], readonly KubeObject[], readonly KubeObject[]]>([
  ['none are foreign if all are ours', [SPLIT, ROUTE], [SPLIT, ROUTE], []],
  ['all are foreign without routes of ours, by kind and name', [SPLIT, RENAMED, ROUTE], [], [ROUTE, SPLIT, RENAMED]],
  ['one with another name is foreign', [SPLIT, RENAMED], [SPLIT], [RENAMED]],
  ['one of another version is foreign', [SPLIT, LATER], [SPLIT], [LATER]],
  ['one of another kind is foreign', [SPLIT, ROUTE], [SPLIT], [ROUTE]],
  [
    'ReplicaSets, Services and records are not routes',
    [
      object('ReplicaSet', 'apps/v1', 'a'),
      object('Service', 'v1', 'b'),
      object('ControllerRevision', 'apps/v1', 'c'),
      ROUTE,
    ],
    [],
    [ROUTE],
  ],
])('%s', (_, observed, ours, expected) => {
  const children: Record<string, Record<string, KubeObject>> = {};
  for (const each of observed) {
    const kind = `${each.kind}.${each.apiVersion}`;
    children[kind] = { ...children[kind], [each.metadata.name]: each };
  }
  expect(foreignRoutes(children, ours)).toEqual(expected);
});
