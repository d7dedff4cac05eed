import { describe, expect, it } from 'vitest';
import { ROLE, SPEC, TEMPLATE } from '../../test/observed.js';
import type { Spec } from '../api/spec.js';
import type { KubeObject, ObjectMeta } from '../metacontroller/object.js';
import { hash } from '../schema/hash.js';
import { observeRevisions } from './revisions.js';

const REVISION = 'orchestration.aibrix.io/revision';
const TARGET = hash(TEMPLATE);
const OLD_TEMPLATE = { spec: { containers: [] } };
const OLD = hash(OLD_TEMPLATE);
const NEVER = Number.POSITIVE_INFINITY;

/** A day of January 2026, as metadata has it and as an instant. */
const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
const instant = (number: number) => Date.UTC(2026, 0, number);

function labelled(kind: string, hash: string, metadata: Partial<ObjectMeta>, rest: object): KubeObject {
  const labels = { [REVISION]: hash };
  return { apiVersion: 'apps/v1', kind, metadata: { name: `${hash}-1`, labels, ...metadata }, ...rest };
}

function record(hash: string, rest: object = {}, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return labelled('ControllerRevision', hash, metadata, { data: {}, ...rest });
}

function replicaSet(hash: string, metadata: Partial<ObjectMeta> = {}, rest: object = {}): KubeObject {
  return labelled('ReplicaSet', hash, metadata, rest);
}

function observed(objects: readonly KubeObject[], spec: Spec = SPEC) {
  const ofKind = (kind: string) =>
    Object.fromEntries(objects.filter(each => each.kind === kind).map(each => [each.metadata.name, each]));
  return observeRevisions(spec, {
    'ControllerRevision.apps/v1': ofKind('ControllerRevision'),
    'ReplicaSet.apps/v1': ofKind('ReplicaSet'),
  });
}

describe('the revision of the current template', () => {
  const pods = { role: '', perSet: 1, upgradeOrder: 0, spec: 0, replicas: 0, ready: 0, available: 0 };

  it('is there before it has any object', () => {
    const first = { hash: TARGET, number: 1, created: NEVER, template: TEMPLATE, roles: [pods] };
    expect(observed([])).toStrictEqual([first]);
    expect(observeRevisions(SPEC, {})).toStrictEqual([first]);
  });

  it('has its record, its template as the spec has it, and its ReplicaSet', () => {
    const old = record(TARGET, { revision: 3, data: { template: '{}' } }, { creationTimestamp: day(2) });
    const set = replicaSet(TARGET, { creationTimestamp: day(3) }, { spec: { replicas: 2 } });
    expect(observed([old, set])).toStrictEqual([
      {
        hash: TARGET,
        number: 3,
        created: instant(2),
        template: TEMPLATE,
        record: old,
        roles: [{ ...pods, spec: 2, replicaSet: set }],
      },
    ]);
  });

  it('has the roles of the spec', () => {
    const roles = [
      { ...ROLE, name: 'prefill', pods: 1, upgradeOrder: 2 },
      { ...ROLE, name: 'decode', pods: 4, upgradeOrder: 1 },
    ];
    expect(observed([], { ...SPEC, roles })[0]?.roles).toStrictEqual([
      { ...pods, role: 'prefill', upgradeOrder: 2 },
      { ...pods, role: 'decode', perSet: 4, upgradeOrder: 1 },
    ]);
  });

  it.each<[string, readonly KubeObject[], number]>([
    ['1 without records', [replicaSet('a')], 1],
    ['one more than the largest', [record('a', { revision: 7 }), record('b', { revision: 2 })], 8],
    ['1 if no record has a number', [record('a'), record('b', { revision: '7' })], 1],
    ['that of its record', [record('a', { revision: 7 }), record(TARGET, { revision: 2 })], 2],
  ])('has the number %s', (_, objects, number) => {
    expect(observed(objects).find(each => each.hash === TARGET)?.number).toBe(number);
  });
});

describe('an earlier revision', () => {
  const observedOld = (...objects: readonly KubeObject[]) => observed(objects).find(each => each.hash === OLD);
  const text = JSON.stringify(OLD_TEMPLATE);

  it('has the template of its record and the roles in it', () => {
    const old = record(OLD, { revision: 4, data: { template: text } });
    expect(observedOld(old)).toStrictEqual({
      hash: OLD,
      number: 4,
      created: NEVER,
      template: OLD_TEMPLATE,
      record: old,
      roles: [{ role: '', perSet: 1, upgradeOrder: 0, spec: 0, replicas: 0, ready: 0, available: 0 }],
    });
  });

  it.each<[string, object]>([
    ['was edited', { data: { template: '{"spec":{}}' } }],
    ['is missing', { data: {} }],
  ])('has no template if it %s', (_, rest) => {
    const old = record(OLD, { revision: 4, ...rest });
    expect(observedOld(old)).toStrictEqual({ hash: OLD, number: 4, created: NEVER, record: old, roles: [] });
  });

  it('has only its ReplicaSet without a record', () => {
    expect(observedOld(replicaSet(OLD, { creationTimestamp: day(4) }))).toMatchObject({
      number: 0,
      created: instant(4),
      roles: [{ spec: 1 }],
    });
    expect(observedOld(replicaSet(OLD))).not.toHaveProperty('template');
    expect(observedOld(replicaSet(OLD))).not.toHaveProperty('record');
  });

  it('has the number 0 if its record has none', () => {
    expect(observedOld(record(OLD, { revision: '4' }))?.number).toBe(0);
  });
});

describe('created', () => {
  it.each<[string, readonly (string | undefined)[], number]>([
    ['is the earliest time of any object', [day(5), day(3), day(4)], instant(3)],
    ['ignores objects without a time', [undefined, day(4), undefined], instant(4)],
    ['is never if no object has a time', [undefined, undefined], NEVER],
  ])('%s', (_, [ofRecord, ...ofSets], created) => {
    const at = (creationTimestamp: string | undefined) =>
      creationTimestamp === undefined ? {} : { creationTimestamp };
    const sets = ofSets.map((time, index) => replicaSet(OLD, { name: `set-${index}`, ...at(time) }));
    const [old] = observed([record(OLD, {}, at(ofRecord)), ...sets]);
    expect(old).toMatchObject({ hash: OLD, created });
  });
});

describe('the order of revisions', () => {
  const hashes = (...objects: readonly KubeObject[]) =>
    observed([record(TARGET, { revision: 100 }), ...objects]).map(each => each.hash);
  const at = (hash: string, time: number, revision = 0) => record(hash, { revision }, { creationTimestamp: day(time) });

  it.each<[string, readonly KubeObject[], readonly string[]]>([
    ['by number, whatever their time', [at('a', 1, 3), at('b', 2, 2), at('c', 3, 1)], ['c', 'b', 'a']],
    ['by time if the number is the same', [at('a', 3), at('b', 2), at('c', 1)], ['c', 'b', 'a']],
    ['without a time last', [record('a'), at('b', 9), at('c', 1)], ['c', 'b', 'a']],
    ['by hash if all else is the same', [at('b', 1), at('c', 1), at('a', 1)], ['a', 'b', 'c']],
    ['by hash without a time', [replicaSet('b', { name: '1' }), replicaSet('a', { name: '2' })], ['a', 'b']],
  ])('is %s', (_, objects, expected) => {
    expect(hashes(...objects)).toEqual([...expected, TARGET]);
  });

  it('each revision is listed once, and objects without a revision are left out', () => {
    const objects = [record('a'), replicaSet('a'), replicaSet('a', { name: 'second' })];
    expect(hashes(...objects)).toEqual(['a', TARGET]);
    expect(hashes(record(''), replicaSet('', { name: 'x' }), replicaSet('b', { labels: {} }))).toEqual([TARGET]);
    const { labels: _, ...metadata } = replicaSet('b').metadata;
    expect(hashes({ ...replicaSet('b'), metadata })).toEqual([TARGET]);
  });
});
