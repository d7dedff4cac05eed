import { describe, expect, it } from 'vitest';
import { annotatedBy, readParent } from './parent.js';

const APPROVE = 'aibrix.io/rollout-approve';
const owns = (...annotations: readonly string[]) => ({
  'f:metadata': { 'f:annotations': Object.fromEntries(annotations.map(name => [`f:${name}`, {}])) },
});

describe('readParent', () => {
  const read = (metadata: object) =>
    readParent({ apiVersion: 'v1', kind: 'X', metadata: { name: 'my-app', ...metadata } });

  it('has the metadata that the rollout reads', () => {
    const managedFields = [{ manager: 'helm' }];
    const metadata = { namespace: 'shop', uid: 'u1', generation: 7, annotations: { a: 'b' }, managedFields };
    expect(read({ ...metadata, labels: { app: 'web' } })).toStrictEqual({ name: 'my-app', ...metadata });
  });

  it('has defaults for whatever is missing', () => {
    const defaults = { namespace: '', uid: '', generation: 0, annotations: {}, managedFields: [] };
    expect(read({})).toStrictEqual({ name: 'my-app', ...defaults });
  });
});

describe('annotatedBy', () => {
  const parent = (managedFields: readonly object[]) =>
    readParent({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', managedFields } } as never);

  it.each<[string, readonly object[], object]>([
    ['nobody', [], {}],
    [
      'the manager that owns it',
      [
        { manager: 'helm', fieldsV1: owns('other') },
        { manager: 'kubectl-annotate', time: 't', fieldsV1: owns(APPROVE) },
      ],
      { by: 'kubectl-annotate', at: 't' },
    ],
    ['a manager without a time', [{ manager: 'x', fieldsV1: owns(APPROVE) }], { by: 'x' }],
    [
      'nobody, where fields are of another form',
      [{ manager: 'x', fieldsV1: { 'f:metadata': {} } }, { manager: 'y' }],
      {},
    ],
  ])('%s', (_, managedFields, expected) => {
    expect(annotatedBy(parent(managedFields), APPROVE)).toStrictEqual(expected);
  });
});
