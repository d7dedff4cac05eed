import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../metacontroller/object.js';
import { answerCustomizePod, answerDecoratePod } from './decoratePods.js';

type Entries = Readonly<Record<string, string>>;

const NOTE = 'orchestration.aibrix.io/role-metadata';
const OURS: Entries = {
  'orchestration.aibrix.io/stormservice': 'my-app',
  'orchestration.aibrix.io/revision': 'abc',
  'storm-service-name': 'my-app',
};
const { 'storm-service-name': _, ...SELECTOR } = OURS;
const PARENT = { apiVersion: 'orchestration.aibrix.io/v1alpha1', kind: 'StormService', name: 'my-app', uid: 's' };
const OWNER = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'my-app-abc', uid: 'r', controller: true };

const note = (labels: readonly string[], annotations: readonly string[] = []) =>
  JSON.stringify({ annotations, labels });

function pod(labels: Entries, annotations: Entries = {}, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  const own = { name: 'my-app-abc-1', namespace: 'shop', ownerReferences: [OWNER], ...metadata };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...own, labels: { ...OURS, ...labels }, annotations } };
}

function replicaSet(labels: Entries, annotations: Entries = {}, metadata: Partial<KubeObject['metadata']> = {}) {
  const owners = [{ ...PARENT, controller: true }];
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'my-app-abc', namespace: 'shop', uid: 'r', ownerReferences: owners, ...metadata },
    spec: {
      selector: { matchLabels: SELECTOR },
      template: { metadata: { labels: { ...OURS, ...labels }, annotations } },
    },
  };
}

function answer(object: KubeObject, set?: KubeObject) {
  const related = { 'ReplicaSet.apps/v1': set === undefined ? {} : { 'shop/my-app-abc': set } };
  const { labels, annotations } = answerDecoratePod({ object, related });
  return { labels, annotations };
}

const NOTHING = { labels: {}, annotations: {} };

describe('a running pod', () => {
  it.each<[string, KubeObject, KubeObject, object]>([
    ['of a template without added metadata stays', pod({ app: 'a' }), replicaSet({ app: 'b' }), NOTHING],
    [
      'gets what its role adds now',
      pod({}),
      replicaSet({ role: 'stable' }, { [NOTE]: note(['role'], ['x']), x: 'y' }),
      { labels: { role: 'stable' }, annotations: { x: 'y', [NOTE]: note(['role'], ['x']) } },
    ],
    [
      'gets it in the place of what its role added before',
      pod({ role: 'canary', old: 'a' }, { [NOTE]: note(['role', 'old']) }),
      replicaSet({ role: 'stable' }, { [NOTE]: note(['role']) }),
      { labels: { role: 'stable', old: null }, annotations: { [NOTE]: note(['role']) } },
    ],
    [
      'loses what its role added before, and the note of it',
      pod({ role: 'canary' }, { [NOTE]: note(['role'], ['x']), x: 'y', theirs: 'z' }),
      replicaSet({}),
      { labels: { role: null }, annotations: { x: null, [NOTE]: null } },
    ],
    [
      'gets back what the template says',
      pod({ app: 'other' }, { [NOTE]: note(['app']) }),
      replicaSet({ app: 'my-app' }),
      { labels: { app: 'my-app' }, annotations: { [NOTE]: null } },
    ],
    [
      'that is as it should be stays',
      pod({ role: 'stable' }, { [NOTE]: note(['role']) }),
      replicaSet({ role: 'stable' }, { [NOTE]: note(['role']) }),
      NOTHING,
    ],
  ])('%s', (_title, object, set, expected) => {
    expect(answer(object, set)).toEqual(expected);
  });

  it.each<[string, KubeObject, KubeObject | undefined]>([
    ['whose ReplicaSet is not seen', pod({ role: 'a' }, { [NOTE]: note(['role']) }), undefined],
    [
      'of another ReplicaSet of that name',
      pod({ role: 'a' }, { [NOTE]: note(['role']) }),
      replicaSet({}, {}, { uid: 'x' }),
    ],
    [
      'of a ReplicaSet of others',
      pod({ role: 'a' }, { [NOTE]: note(['role']) }),
      replicaSet({}, {}, { ownerReferences: [] }),
    ],
    ['without an owner', pod({ role: 'a' }, { [NOTE]: note(['role']) }, { ownerReferences: [] }), replicaSet({})],
  ])('%s stays', (_title, object, set) => {
    expect(answer(object, set)).toEqual(NOTHING);
  });

  it.each(['', 'null', '[]', '{', '7', '{"labels": "role"}', '{"labels": [7, null, {}]}', '{"labels": {"a": "b"}}'])(
    'with the note %j is one without added metadata',
    text => {
      expect(answer(pod({ role: 'a' }, { [NOTE]: text }), replicaSet({}))).toEqual({
        labels: {},
        annotations: { [NOTE]: null },
      });
    },
  );

  it('never loses or changes a label by which it is found, whatever the notes say', () => {
    const key = fc.oneof(
      fc.constantFrom(...Object.keys(OURS), 'orchestration.aibrix.io/role', 'role-name', '__proto__', 'a'),
      fc.string(),
    );
    const notes = fc.record({ labels: fc.array(key, { maxLength: 6 }), annotations: fc.array(key, { maxLength: 6 }) });
    const entries = fc.dictionary(key, fc.string({ maxLength: 3 }), { maxKeys: 6 });
    fc.assert(
      fc.property(notes, notes, entries, entries, (before, now, has, wanted) => {
        const { labels = {} } = answer(
          pod({ ...has, ...OURS }, { [NOTE]: JSON.stringify(before) }),
          replicaSet(wanted, { [NOTE]: JSON.stringify(now) }),
        );
        const touched = Object.keys(labels);
        expect(
          touched.filter(name => Object.hasOwn(OURS, name) || name.startsWith('orchestration.aibrix.io/')),
        ).toEqual([]);
        const listed = new Set([...before.labels, ...now.labels]);
        expect(touched.filter(name => !listed.has(name))).toEqual([]);
      }),
    );
  });

  it('is as it should be after one change', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const some = fc.dictionary(key, fc.constantFrom('1', '2'), { maxKeys: 4 });
    fc.assert(
      fc.property(some, some, some, (base, before, now) => {
        const added = (entries: Entries): Entries =>
          Object.keys(entries).length > 0 ? { [NOTE]: note(Object.keys(entries)) } : {};
        const object = pod({ ...base, ...before }, added(before));
        const set = replicaSet({ ...base, ...now }, added(now));
        const changed = answer(object, set);
        const apply = (has: Entries = {}, changes: Readonly<Record<string, string | null>> = {}) =>
          Object.fromEntries(Object.entries({ ...has, ...changes }).filter(([, value]) => value !== null)) as Entries;
        const { labels, annotations } = object.metadata;
        const after = { labels: apply(labels, changed.labels), annotations: apply(annotations, changed.annotations) };
        expect(after).toEqual({ labels: { ...OURS, ...base, ...now }, annotations: added(now) });
      }),
    );
  });
});

describe('customize', () => {
  it('asks for the ReplicaSet in the namespace of the pod alone', () => {
    expect(answerCustomizePod({ parent: pod({}) })).toEqual({
      relatedResources: [{ apiVersion: 'apps/v1', resource: 'replicasets', namespace: 'shop', names: ['my-app-abc'] }],
    });
  });

  it.each([
    [[]],
    [[{ ...OWNER, controller: false }]],
    [[{ ...OWNER, kind: 'Job' }]],
    [[{ ...OWNER, apiVersion: 'mine/v1' }]],
  ])('asks for nothing with the owners %j', ownerReferences => {
    expect(answerCustomizePod({ parent: pod({}, {}, { ownerReferences }) })).toEqual({ relatedResources: [] });
  });
});
