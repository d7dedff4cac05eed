import { expect, it } from 'vitest';
import { PARENT, routed, SPEC } from '../../test/observed.js';
import type { RouterSpec } from '../routers/routers.js';
import { renderRoutes } from './routes.js';

const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha4';
const WEIGHTED = 'Weighted.example.com/v1';
const SMI: RouterSpec = {
  router: 'smi',
  config: { rootService: 'my-app', trafficSplitName: 'split', apiVersion: 'split.smi-spec.io/v1alpha4' },
};
const OTHER: RouterSpec = {
  router: 'template',
  config: {
    object: {
      apiVersion: 'example.com/v1',
      kind: 'Weighted',
      spec: { weight: '$(canaryWeight)', stable: '$(stableRevision)' },
    },
  },
};
const TARGET = { weight: 20, maxWeight: 100, routes: [], stableRevision: 'aaa', canaryRevision: 'bbb' };
const metadata = { namespace: 'shop', labels: { 'orchestration.aibrix.io/stormservice': 'my-app' } };
const SPLIT_OBJECT = {
  apiVersion: 'split.smi-spec.io/v1alpha4',
  kind: 'TrafficSplit',
  metadata: { ...metadata, name: 'split' },
  spec: {
    service: 'my-app',
    backends: [
      { service: 'my-app-stable', weight: 80 },
      { service: 'my-app-canary', weight: 20 },
    ],
  },
};
const WEIGHTED_OBJECT = {
  apiVersion: 'example.com/v1',
  kind: 'Weighted',
  metadata: { ...metadata, name: 'my-app' },
  spec: { weight: 20, stable: 'aaa' },
};

it.each<[string, readonly string[], readonly object[]]>([
  ['all kinds', [WEIGHTED, SPLIT], [SPLIT_OBJECT, WEIGHTED_OBJECT]],
  ['the first kind', [SPLIT], [SPLIT_OBJECT]],
  ['the last kind', [WEIGHTED], [WEIGHTED_OBJECT]],
  ['another version of a kind', ['TrafficSplit.split.smi-spec.io/v1alpha1'], []],
  ['no kind', [], []],
])('if the controller watches %s, only those routes are rendered', (_, watched, expected) => {
  const children = Object.fromEntries(watched.map(kind => [kind, {}]));
  const observation = { parent: PARENT, spec: SPEC, children, related: {} };
  expect(renderRoutes(observation, routed(SMI, OTHER), TARGET)).toStrictEqual(expected);
});
