import { expect, it } from 'vitest';
import { SPEC } from '../../test/observed.js';
import { hash } from '../schema/hash.js';
import { readStatus } from '../status/status.js';
import { observe } from './observation.js';
import { readParent } from './parent.js';
import { observeRevisions } from './revisions.js';

const status = { replicas: 3, rolloutStatus: { updatedRevision: 'abc' } };
const parent = {
  apiVersion: 'orchestration.aibrix.io/v1alpha1',
  kind: 'StormService',
  metadata: { name: 'my-app', namespace: 'shop', uid: 'u1', generation: 2 },
  spec: {},
  status,
};
const set = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'a', labels: { 'orchestration.aibrix.io/revision': 'old' } },
};
const children = { 'ReplicaSet.apps/v1': { a: set } };

const OBSERVATION = {
  parent: readParent(parent),
  object: parent,
  spec: SPEC,
  memory: readStatus(status),
  target: hash(SPEC.template),
  revisions: observeRevisions(SPEC, children),
  children,
  related: {},
};

it('an observation is the request, read', () => {
  const related = { 'Service.v1': {} };
  expect(observe({ parent, children, related }, SPEC)).toStrictEqual({ ...OBSERVATION, related });
  expect(OBSERVATION.memory.counts.replicas).toBe(3);
  expect(OBSERVATION.revisions.map(revision => revision.hash)).toEqual(['old', OBSERVATION.target]);
});

it('related objects default to none, and a missing status to a lost one', () => {
  const { status: _, ...fresh } = parent;
  expect(observe({ parent: fresh, children }, SPEC)).toStrictEqual({
    ...OBSERVATION,
    object: fresh,
    memory: readStatus(undefined),
  });
});
