import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_METADATA } from '../../test/observed.js';
import type { PodMetadata } from '../api/spec.js';
import type { KubeObject } from '../metacontroller/object.js';
import { dynamicCreate, dynamicUpdate } from '../sandbox/metacontroller/dynamicApply.js';
import { type NewReplicaSet, renderReplicaSet, renew } from './replicaSet.js';

type Entries = Readonly<Record<string, string>>;
interface Metadata {
  readonly labels: Entries;
  readonly annotations?: Entries;
}

const SELECTOR = {
  'orchestration.aibrix.io/stormservice': 'my-app',
  'orchestration.aibrix.io/revision': 'abc',
};
const NOTE = 'orchestration.aibrix.io/role-metadata';
const SIZE = { replicas: 1, minReadySeconds: 0 };

function created(written: Partial<Metadata>, added: PodMetadata): KubeObject {
  const role = { name: '', pods: 1, upgradeOrder: 0, template: { metadata: written, spec: { containers: [] } } };
  const given: NewReplicaSet = {
    parent: { name: 'my-app', namespace: 'shop', uid: 'u', generation: 1, annotations: {}, managedFields: [] },
    revision: 'abc',
    role,
    size: SIZE,
    podMetadata: added,
  };
  return dynamicCreate(renderReplicaSet(given));
}

const metadataOf = (set: KubeObject) => (set['spec'] as { template: { metadata: Metadata } }).template.metadata;

/** What Metacontroller's dynamic apply makes of the answer; the same object if it writes nothing. */
function applied(observed: KubeObject, written: Partial<Metadata>, added: PodMetadata): KubeObject {
  return dynamicUpdate(observed, renew(observed, SIZE, { written, added })) ?? observed;
}

const key = fc.oneof(
  fc.constantFrom('app', 'role', 'tier', 'constructor', '__proto__', 'a.b/c'),
  fc.stringMatching(/^[a-z]{1,3}$/),
);
const entries = fc.dictionary(key, fc.stringMatching(/^[a-z]{0,2}$/), { maxKeys: 4 });
const metadata = fc.record({ labels: entries, annotations: entries });

describe('metadata of a role in the rollout', () => {
  it('is as if the ReplicaSet had been made for its present role, and is then written no more', () => {
    fc.assert(
      fc.property(metadata, fc.array(metadata, { minLength: 1, maxLength: 4 }), (written, roles) => {
        const [first = NO_METADATA, ...others] = roles;
        const last = roles.at(-1) ?? NO_METADATA;
        const after = others.reduce((set, added) => applied(set, written, added), created(written, first));
        expect(metadataOf(after)).toEqual(metadataOf(created(written, last)));
        expect(applied(after, written, last)).toBe(after);
      }),
    );
  });

  it('leaves what others have added, and what pods are found by', () => {
    fc.assert(
      fc.property(metadata, metadata, metadata, entries, (written, one, two, theirs) => {
        const set = created(written, one);
        const prefixed = Object.fromEntries(Object.entries(theirs).map(([name, value]) => [`theirs/${name}`, value]));
        const before = metadataOf(set);
        const template = {
          ...(set['spec'] as { template: object }).template,
          metadata: {
            labels: { ...before.labels, ...prefixed },
            annotations: { ...before.annotations, ...prefixed },
          },
        };
        const observed = { ...set, spec: { ...(set['spec'] as object), template } };
        const once = applied(observed, written, two);
        expect(metadataOf(once).labels).toMatchObject({ ...prefixed, ...SELECTOR, 'storm-service-name': 'my-app' });
        expect(metadataOf(once).annotations ?? {}).toMatchObject(prefixed);
        expect(applied(once, written, two)).toBe(once);
      }),
    );
  });

  it('of a thousand labels is as any other', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`l${index}`, 'x']));
    const set = applied(created({}, NO_METADATA), {}, { labels: many, annotations: many });
    expect(Object.keys(metadataOf(set).labels)).toHaveLength(1003);
    expect(metadataOf(applied(set, {}, NO_METADATA))).toEqual(metadataOf(created({}, NO_METADATA)));
  });

  it.each(['orchestration.aibrix.io/revision', 'orchestration.aibrix.io/other', 'storm-service-name'])(
    'never changes %s',
    name => {
      const added = { labels: { [name]: 'wrong' }, annotations: {} };
      const set = created({}, NO_METADATA);
      const { labels } = metadataOf(applied(set, {}, added));
      if (Object.hasOwn(metadataOf(set).labels, name)) expect(labels).toEqual(metadataOf(set).labels);
      else expect(labels).toMatchObject(metadataOf(set).labels);
    },
  );

  it('is noted on the pods by its keys alone', () => {
    const added = { labels: { role: 'canary', app: 'b' }, annotations: { x: 'y' } };
    expect(metadataOf(created({}, added)).annotations).toEqual({
      x: 'y',
      [NOTE]: '{"annotations":["x"],"labels":["app","role"]}',
    });
    expect(metadataOf(created({}, NO_METADATA)).annotations).toBeUndefined();
  });

  it('is left alone where it is not known what was written, and where Metacontroller does not know what it applied', () => {
    const set = created({}, { labels: { role: 'canary' }, annotations: {} });
    const asObserved = metadataOf(renew(set, SIZE, undefined));
    expect(asObserved).toEqual(metadataOf(set));
    const { annotations: _, ...withoutRecord } = set.metadata;
    const taken = { ...set, metadata: withoutRecord };
    expect(metadataOf(renew(taken, SIZE, { written: {}, added: NO_METADATA }))).toEqual(metadataOf(set));
  });
});
