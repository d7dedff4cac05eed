import { expect, it } from 'vitest';
import { PARENT } from '../../test/observed.js';
import type { KubeObject, ObjectMeta, OwnerReference } from '../metacontroller/object.js';
import { type Collision, findCollisions } from './collisions.js';

function service(name: string, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop', ...metadata } };
}

function owner(uid: string, controller?: boolean): OwnerReference {
  const reference = { apiVersion: 'v1', kind: 'Owner', name: `owner-${uid}`, uid };
  return controller === undefined ? reference : { ...reference, controller };
}

function collisions(related: readonly KubeObject[], children: readonly KubeObject[] = []): readonly Collision[] {
  const map = (objects: readonly KubeObject[]) => ({
    'Service.v1': Object.fromEntries(objects.map(object => [object.metadata.name, object])),
  });
  const observation = { parent: PARENT, children: map(children), related: map(related) };
  return findCollisions(observation, [service('my-app'), service('my-app-canary')]);
}

const COLLISION = { kind: 'Service', name: 'my-app', owner: undefined, leftBehind: false };
const FOREIGN = { labels: { 'controller-uid': 'u0' } };
const OURS = { labels: { 'controller-uid': 'u1' } };

it.each<[string, Partial<ObjectMeta>, readonly Collision[]]>([
  ['no owner and no label', {}, [COLLISION]],
  ['no label with the uid of an owner', { labels: {} }, [COLLISION]],
  ['another controller', { ownerReferences: [owner('u2', true)] }, [{ ...COLLISION, owner: 'Owner owner-u2' }]],
  [
    'another controller, after other owners',
    { ownerReferences: [owner('u1'), owner('u3', false), owner('u2', true)] },
    [{ ...COLLISION, owner: 'Owner owner-u2' }],
  ],
  [
    'another controller, although it has our label',
    { ...OURS, ownerReferences: [owner('u2', true)] },
    [{ ...COLLISION, owner: 'Owner owner-u2' }],
  ],
  [
    'another controller and the label of a former one',
    { ...FOREIGN, ownerReferences: [owner('u2', true)] },
    [{ ...COLLISION, owner: 'Owner owner-u2' }],
  ],
  ['an owner that is not its controller', { ownerReferences: [owner('u1')] }, [COLLISION]],
  ['the label of a deleted StormService', FOREIGN, [{ ...COLLISION, leftBehind: true }]],
  ['this StormService as its controller', { ownerReferences: [owner('u1', true)] }, []],
  ['this StormService as its controller and a former label', { ...FOREIGN, ownerReferences: [owner('u1', true)] }, []],
  ['our label and no controller: it is about to be adopted', OURS, []],
])('an object that has the name of a child, with %s', (_, metadata, expected) => {
  expect(collisions([service('my-app', metadata)])).toStrictEqual(expected);
});

it('objects with other names do not collide', () => {
  expect(collisions([service('other')])).toEqual([]);
});

it('an observed child does not collide', () => {
  expect(collisions([service('my-app')], [service('my-app')])).toEqual([]);
  expect(collisions([service('my-app')], [service('my-app-canary')])).toEqual([COLLISION]);
});

it('all collisions are reported, in the order of the children', () => {
  const related = [service('my-app-canary', FOREIGN), service('my-app')];
  expect(collisions(related)).toEqual([COLLISION, { ...COLLISION, name: 'my-app-canary', leftBehind: true }]);
});
