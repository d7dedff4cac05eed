import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { readCustomizeRequest, readDecorateRequest, readSyncRequest } from './readRequest.js';

const recorded = fixture('sync-approve');
const { parent } = recorded;
const revisions = 'ControllerRevision.apps/v1';

function withMetadata(metadata: object): object {
  return { ...recorded, parent: { ...parent, metadata: { ...parent.metadata, ...metadata } } };
}

function withoutGroup(group: string): object {
  const { [group]: _, ...children } = recorded.children;
  return { ...recorded, children };
}

describe('readSyncRequest', () => {
  it('leaves everything that Metacontroller sent as it is', () => {
    expect(readSyncRequest(structuredClone(recorded))).toEqual(recorded);
  });

  it('drops the nulls that Go writes for empty maps', () => {
    expect(readSyncRequest({ ...recorded, controller: null, related: null })).not.toHaveProperty('related');
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'the body must be object'],
    ['text', 'text', 'the body must be object'],
    ['no parent', { children: {} }, 'the body must have required properties parent'],
    ['no children', { ...recorded, children: undefined }, 'children'],
    ['children as null', { ...recorded, children: null }, 'children must be object'],
    ['children as a list', { ...recorded, children: [] }, 'children must be object'],
    ['a group as a list', { ...recorded, children: { [revisions]: [] } }, `children["${revisions}"] must be object`],
    [
      'a child without metadata',
      {
        ...recorded,
        children: { [revisions]: { 'default/a': { apiVersion: 'apps/v1', kind: 'ControllerRevision' } } },
      },
      `children["${revisions}"]["default/a"] must have required properties metadata`,
    ],
    ['a parent without name', withMetadata({ name: '' }), 'parent.metadata.name'],
    ['a parent without uid', withMetadata({ uid: undefined }), 'parent.metadata'],
    ['a parent without namespace', withMetadata({ namespace: undefined }), 'parent.metadata'],
    [
      'an annotation that is no text',
      withMetadata({ annotations: { 'a/b': true } }),
      'parent.metadata.annotations["a/b"]',
    ],
    ['a related object that is none', { ...recorded, related: { 'Secret.v1': { a: 1 } } }, 'related["Secret.v1"].a'],
    ['finalizing as text', { ...recorded, finalizing: 'no' }, 'finalizing must be boolean'],
  ])('refuses %s', (_, body, words) => {
    const read = () => readSyncRequest(body);
    expect(read).toThrow(expect.objectContaining({ code: 'SR2002', status: 400, kind: 'terminal' }));
    expect(read).toThrow(words);
  });

  it.each([
    [withoutGroup('ReplicaSet.apps/v1'), 'add apps/v1 replicasets to its childResources'],
    [withoutGroup(revisions), 'add apps/v1 controllerrevisions to its childResources'],
    [withoutGroup('Service.v1'), 'add v1 services to its childResources'],
    [
      { ...recorded, parent: { ...parent, kind: 'Deployment', apiVersion: 'apps/v1' } },
      'it sent a Deployment of apps/v1',
    ],
    [{ ...recorded, parent: { ...parent, apiVersion: 'example.com/v1' } }, 'it sent a StormService of example.com/v1'],
  ])('refuses a controller that is not set up for StormServices', (body, words) => {
    const read = () => readSyncRequest(body);
    expect(read).toThrow(expect.objectContaining({ code: 'SR2003', status: 400 }));
    expect(read).toThrow(words);
  });

  it('does not take Knative Services for core ones', () => {
    const body = withoutGroup('Service.v1') as typeof recorded;
    const children = { ...body.children, 'Service.serving.knative.dev/v1': {} };
    expect(() => readSyncRequest({ ...body, children })).toThrow('add v1 services');
  });
});

describe('readCustomizeRequest', () => {
  it('takes the recorded one', () => {
    expect(readCustomizeRequest(fixture('customize'))).toEqual(fixture('customize'));
  });

  it('refuses a request without parent', () => {
    expect(() => readCustomizeRequest({})).toThrow('not a Metacontroller customize request');
  });
});

describe('readDecorateRequest', () => {
  it('takes the recorded one', () => {
    expect(readDecorateRequest(fixture('decorate-approve'))).toEqual(fixture('decorate-approve'));
  });

  it('refuses what a CompositeController sends', () => {
    expect(() => readDecorateRequest(recorded)).toThrow('must end in /sync and /customize');
  });
});
