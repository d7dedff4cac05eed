import { describe, expect, it } from 'vitest';
import { BLUE_GREEN, CANARY, PARENT, ROLLING_UPDATE, routed, SPEC, TEMPLATE } from '../../test/observed.js';
import type { PodMetadata, Spec } from '../api/spec.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { ObservedObjects } from '../observe/observation.js';
import type { Revision, RolePods } from '../observe/revisions.js';
import type { RouterSpec } from '../routers/routers.js';
import { type DecidedChildren, render } from './render.js';

const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha4';
const OURS = { 'orchestration.aibrix.io/stormservice': 'my-app' };
const REVISION = 'orchestration.aibrix.io/revision';
const NOTE = 'orchestration.aibrix.io/role-metadata';
const SMI: RouterSpec = {
  router: 'smi',
  config: { rootService: 'my-app', trafficSplitName: 'split', apiVersion: 'split.smi-spec.io/v1alpha4' },
};
const TARGET = { weight: 20, maxWeight: 100, routes: [], stableRevision: 'old', canaryRevision: 'new' };
const SERVICE = { name: 'my-app', ports: [{ port: 80 }], labels: {}, annotations: {} };

function object(kind: string, name: string, spec: object = {}, labels: Record<string, string> = {}): KubeObject {
  const apiVersion = kind === 'Service' ? 'v1' : kind === 'TrafficSplit' ? 'split.smi-spec.io/v1alpha4' : 'apps/v1';
  return { apiVersion, kind, metadata: { name, namespace: 'shop', labels }, spec };
}

function replicaSet(name: string, hash: string, replicas: number): KubeObject {
  return object('ReplicaSet', name, { replicas }, { [REVISION]: hash });
}

function pods(spec: number, set?: KubeObject, role: Partial<RolePods> = {}): RolePods {
  const observed = { role: '', perSet: 1, upgradeOrder: 0, spec, replicas: spec, ready: spec, available: spec };
  return { ...observed, ...(set && { replicaSet: set }), ...role };
}

function revision(hash: string, ...roles: readonly RolePods[]): Revision {
  return { hash, number: 1, created: 0, template: TEMPLATE, record: object('ControllerRevision', hash), roles };
}

const OLD = revision('old', pods(3, replicaSet('old-set', 'old', 3)));
const NEW = revision('new', pods(0));

interface Decided extends Partial<DecidedChildren['plan']> {
  readonly recorded?: readonly Revision[];
  readonly stableRevision?: Revision | undefined;
  readonly updated?: Revision;
  readonly reverting?: boolean;
}

function decided({ recorded = [], updated = NEW, reverting = false, ...plan }: Decided): DecidedChildren {
  const { stableRevision: stable, ...rest } = plan;
  return {
    recorded,
    reverting,
    revisions: { stable, updated, others: [] },
    plan: {
      stable: undefined,
      step: 0,
      steps: 0,
      weight: 0,
      sets: new Map(),
      selections: new Map(),
      waits: [],
      scaleDownAt: new Map(),
      ...rest,
    },
  };
}

function rendered(decision: Decided, spec: Partial<Spec> = {}, children: ObservedObjects['children'] = {}) {
  return render({ parent: PARENT, spec: { ...SPEC, ...spec }, children, related: {} }, decided(decision));
}

/** `ReplicaSet my-app-new`, in order. */
const names = (objects: readonly KubeObject[]) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
const map = (...objects: readonly KubeObject[]) => Object.fromEntries(objects.map(each => [each.metadata.name, each]));

describe('the children of a rollout', () => {
  const strategy = routed(SMI);
  const children = {
    'ReplicaSet.apps/v1': map(OLD.roles[0]!.replicaSet!, object('ReplicaSet', 'stray', { replicas: 7 })),
    'Service.v1': map(object('Service', 'my-app'), object('Service', 'former')),
    [SPLIT]: map(object('TrafficSplit', 'former')),
  };
  const decision: Decided = {
    recorded: [OLD, NEW],
    stableRevision: OLD,
    stable: 'old',
    sets: new Map([
      ['old', 2],
      ['new', 1],
    ]),
    selections: new Map([
      ['my-app', 'old'],
      ['my-app-canary', 'new'],
    ]),
    traffic: TARGET,
  };

  it('are records, ReplicaSets, Services, routes and what stays for now', () => {
    expect(names(rendered(decision, { strategy, service: SERVICE }, children))).toEqual([
      'ControllerRevision old',
      'ControllerRevision new',
      'ReplicaSet old-set',
      'ReplicaSet my-app-new',
      'ReplicaSet stray',
      'Service my-app',
      'Service my-app-canary',
      'TrafficSplit split',
      'Service former',
    ]);
  });

  it('have the weight and the selections of the plan', () => {
    const objects = rendered(decision, { strategy, service: SERVICE }, children);
    const specOf = (name: string) => objects.find(each => names([each])[0] === name)?.['spec'];
    expect(specOf('Service my-app')).toMatchObject({ selector: { [REVISION]: 'old' } });
    expect(specOf('Service my-app-canary')).toMatchObject({ selector: { [REVISION]: 'new' } });
    expect(specOf('TrafficSplit split')).toMatchObject({ backends: [{ weight: 80 }, { weight: 20 }] });
  });

  it.each<[string, Decided, Partial<Spec>, readonly string[]]>([
    ['no Services without ports', { selections: decision.selections! }, {}, []],
    ['no routes without a target', {}, { strategy }, []],
    ['no routes without traffic routing', { traffic: TARGET }, { strategy: CANARY }, []],
    ['no record without a template', { recorded: [{ hash: 'x', number: 0, created: 0, roles: [] }] }, {}, []],
  ])('%s', (_, given, spec, expected) => {
    expect(names(rendered(given, spec, { [SPLIT]: {} }))).toEqual(expected);
  });
});

describe('ReplicaSets', () => {
  const replicaSets = (decision: Decided, spec: Partial<Spec> = {}) =>
    rendered(decision, spec)
      .filter(({ kind }) => kind !== 'ControllerRevision')
      .map(({ metadata, ...set }) => [metadata.name, (set['spec'] as { replicas: number }).replicas]);

  it.each<[string, Decided, readonly (readonly [string, number])[]]>([
    ['resizes an observed one', { recorded: [OLD], sets: new Map([['old', 5]]) }, [['old-set', 5]]],
    ['removes the pods of an observed one', { recorded: [OLD], sets: new Map([['old', 0]]) }, [['old-set', 0]]],
    ['keeps the size of one without a plan', { recorded: [OLD], sets: new Map([['new', 5]]) }, [['old-set', 3]]],
    ['creates that of the updated revision', { recorded: [NEW], sets: new Map([['new', 2]]) }, [['my-app-new', 2]]],
    ['creates it without pods', { recorded: [NEW] }, [['my-app-new', 0]]],
    [
      'creates a missing one of stable',
      { recorded: [revision('gone', pods(0))], stable: 'gone' },
      [['my-app-gone', 0]],
    ],
    ['creates none of a revision in history', { recorded: [revision('gone', pods(0))], stable: 'old' }, []],
    [
      'creates none without a template',
      { recorded: [{ hash: 'gone', number: 0, created: 0, roles: [pods(0)] }], stable: 'gone' },
      [],
    ],
  ])('%s', (_, decision, expected) => {
    expect(replicaSets(decision)).toEqual(expected);
  });

  it('each role has its own size and template', () => {
    const metadata = (app: string) => ({ metadata: { labels: { app } }, spec: {} });
    const roles = [
      { name: 'prefill', template: metadata('a') },
      { name: 'decode', replicas: 2, template: metadata('b') },
    ];
    const updated = {
      ...revision('new', pods(0, undefined, { role: 'prefill' }), pods(0, undefined, { role: 'decode', perSet: 2 })),
      template: { spec: { roles } },
    };
    const objects = rendered({ recorded: [updated], updated, sets: new Map([['new', 3]]) });
    expect(objects.slice(1).map(({ metadata: { name }, ...set }) => [name, set['spec']])).toMatchObject([
      ['my-app-prefill-new', { replicas: 3, template: { metadata: { labels: { app: 'a' } } } }],
      ['my-app-decode-new', { replicas: 6, template: { metadata: { labels: { app: 'b' } } } }],
    ]);
  });

  it('have the minReadySeconds of the spec', () => {
    const sets = rendered({ recorded: [OLD, NEW] }, { minReadySeconds: 7 }).filter(({ kind }) => kind === 'ReplicaSet');
    expect(sets.map(set => (set['spec'] as { minReadySeconds: number }).minReadySeconds)).toEqual([7, 7]);
  });

  it('one without a revision label stays unchanged', () => {
    const strays = [
      object('ReplicaSet', 'a', { replicas: 1 }),
      object('ReplicaSet', 'b', { replicas: 2 }, { [REVISION]: '' }),
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'c', namespace: 'shop' }, spec: {} },
    ];
    const observed = strays.map(each => ({ ...each, metadata: { ...each.metadata, uid: 'u' }, status: {} }));
    const labelled = object('ReplicaSet', 'd', {}, { [REVISION]: 'old' });
    expect(rendered({}, {}, { 'ReplicaSet.apps/v1': map(...observed, labelled) })).toStrictEqual(strays);
  });
});

describe('metadata of new pods', () => {
  const meta = (name: string): PodMetadata => ({ labels: { from: name }, annotations: { from: name } });
  const canary = { ...CANARY, stableMetadata: meta('stable'), canaryMetadata: meta('canary') };
  const blueGreen = { ...BLUE_GREEN, activeMetadata: meta('active'), previewMetadata: meta('preview') };

  it.each<[string, Spec['strategy'], Decided, string | undefined]>([
    ['a canary', canary, { stableRevision: OLD, stable: 'old' }, 'canary'],
    ['the promoted canary', canary, { stableRevision: OLD, stable: 'new' }, 'stable'],
    ['the first deployment of a canary', canary, { stable: undefined }, 'stable'],
    ['a preview', blueGreen, { stableRevision: OLD, stable: 'old' }, 'preview'],
    ['the promoted preview', blueGreen, { stableRevision: OLD, stable: 'new' }, 'active'],
    ['the first deployment of blue-green', blueGreen, {}, 'active'],
    ['a rolling update', ROLLING_UPDATE, { stableRevision: OLD, stable: 'old' }, undefined],
  ])('of %s', (_, strategy, decision, from) => {
    const [, set] = rendered({ recorded: [NEW], ...decision }, { strategy });
    const added = from === undefined ? {} : { from };
    expect((set!['spec'] as { readonly template: object }).template).toStrictEqual({
      metadata: {
        labels: { app: 'web', ...added, 'storm-service-name': 'my-app', ...OURS, [REVISION]: 'new' },
        ...(from !== undefined && { annotations: { from, [NOTE]: '{"annotations":["from"],"labels":["from"]}' } }),
      },
      spec: TEMPLATE['spec'],
    });
  });
});

describe('Services that are no longer desired', () => {
  const services = { 'Service.v1': map(object('Service', 'my-app'), object('Service', 'former')) };
  const former = { ...services, [SPLIT]: map(object('TrafficSplit', 'former')) };
  const ours = { ...services, [SPLIT]: map(object('TrafficSplit', 'split')) };
  const selections = new Map([['my-app', 'old']]);

  it.each<[string, Decided, ObservedObjects['children'], boolean]>([
    ['stay while a route of an earlier configuration exists', {}, former, true],
    ['stay while the rollout reverts to stable', { reverting: true }, ours, true],
    ['are deleted if all routes are ours', {}, ours, false],
    ['are deleted if there are no routes', {}, services, false],
  ])('%s', (_, decision, children, stay) => {
    const strategy = routed(SMI);
    const objects = rendered({ ...decision, selections, traffic: TARGET }, { strategy, service: SERVICE }, children);
    const kept = objects.filter(({ kind }) => kind === 'Service').slice(1);
    expect(kept).toStrictEqual(stay ? [object('Service', 'former')] : []);
  });
});
