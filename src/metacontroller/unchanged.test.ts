import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SyncRequest } from './hook.js';
import type { KubeObject } from './object.js';
import { asLastApplied, LAST_APPLIED_ANNOTATION } from './unchanged.js';

const recorded: SyncRequest = JSON.parse(
  readFileSync(new URL('../../test/fixtures/sync-canary-available.json', import.meta.url), 'utf8'),
);

type Labels = Readonly<Record<string, string>> | undefined;

const applied: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: 'web-1',
    namespace: 'default',
    uid: 'u1',
    labels: { app: 'web', 'controller-uid': 'p1', extra: 'by hand' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'StormService', name: 'web', uid: 'p1' }],
    managedFields: [
      {
        manager: 'metacontroller',
        operation: 'Apply',
        fieldsV1: {
          'f:metadata': {
            'f:labels': { 'f:app': {}, 'f:controller-uid': {} },
            'f:ownerReferences': { 'k:{"uid":"p1"}': {} },
          },
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"web"}': {
                    '.': {},
                    'f:name': {},
                    'f:image': {},
                    'f:ports': {
                      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                      'k:{"containerPort":80,"protocol":"UDP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
                    },
                  },
                },
              },
            },
          },
          'f:finalizers': { 'v:"a"': {}, 'i:2': {} },
        },
      },
      { manager: 'kube-controller-manager', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': {} } },
    ],
  },
  spec: {
    replicas: 2,
    minReadySeconds: 5,
    template: {
      spec: {
        dnsPolicy: 'ClusterFirst',
        containers: [
          { name: 'sidecar', image: 'injected' },
          {
            name: 'web',
            image: 'nginx',
            imagePullPolicy: 'Always',
            ports: [
              { containerPort: 80, protocol: 'TCP' },
              { containerPort: 80, protocol: 'UDP' },
            ],
          },
        ],
      },
    },
  },
  finalizers: ['a', 'b', 'c'],
  status: { replicas: 2 },
};

describe('asLastApplied', () => {
  it('returns what was returned last for every recorded child', () => {
    const children = Object.values(recorded.children).flatMap(group => Object.values(group));
    expect(children.length).toBeGreaterThan(3);
    for (const child of children) {
      const annotation = child.metadata.annotations![LAST_APPLIED_ANNOTATION]!;
      expect(asLastApplied(child)).toEqual(JSON.parse(annotation));
    }
  });

  it('keeps the observed identity when the annotation was copied from another object', () => {
    const child: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'mine',
        namespace: 'ns',
        annotations: { [LAST_APPLIED_ANNOTATION]: '{"kind":"Secret","metadata":{"name":"other"},"spec":{"a":1}}' },
      },
      spec: { a: 2 },
    };
    expect(asLastApplied(child)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'mine', namespace: 'ns' },
      spec: { a: 1 },
    });
  });

  it('gives a child that was taken over from an earlier parent the label of its present one', () => {
    const labels = { app: 'web', 'controller-uid': 'old' };
    const annotations = { [LAST_APPLIED_ANNOTATION]: JSON.stringify({ metadata: { name: 'web-1', labels } }) };
    const child = { ...applied, metadata: { ...applied.metadata, annotations } };
    expect(asLastApplied(child).metadata.labels).toEqual({ app: 'web', 'controller-uid': 'p1' });
  });

  it('extracts what server-side apply owns, by name, by key, by value and by index', () => {
    expect(asLastApplied(applied)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web-1', namespace: 'default', labels: { app: 'web', 'controller-uid': 'p1' } },
      spec: {
        replicas: 2,
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'nginx', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
            ],
          },
        },
      },
      finalizers: ['a', 'c'],
    });
  });

  it.each([
    ["another manager's", { manager: 'kubectl', operation: 'Apply' }],
    ['of dynamic apply', { manager: 'metacontroller', operation: 'Update' }],
    ['of the status', { manager: 'metacontroller', operation: 'Apply', subresource: 'status' }],
  ])('takes no entry for what server-side apply owns that is %s', (_, entry) => {
    const managedFields = [{ ...entry, fieldsV1: { 'f:status': {} } }, ...(applied.metadata.managedFields ?? [])];
    expect(asLastApplied({ ...applied, metadata: { ...applied.metadata, managedFields } })).toEqual(
      asLastApplied(applied),
    );
  });

  it.each<[string, Labels, Labels, Labels]>([
    ['was returned last without it', { app: 'web' }, { app: 'web', 'controller-uid': 'p1' }, { app: 'web' }],
    ['lost it since', { 'controller-uid': 'p1' }, { app: 'web' }, { 'controller-uid': 'p1' }],
    ['never had labels', undefined, { 'controller-uid': 'p1' }, undefined],
  ])("does not add the owner's label to a child that %s", (_, returned, observed, labels) => {
    const annotations = { [LAST_APPLIED_ANNOTATION]: JSON.stringify({ metadata: { name: 'web', labels: returned } }) };
    const metadata = { name: 'web', annotations, ...(observed && { labels: observed }) };
    expect(asLastApplied({ apiVersion: 'v1', kind: 'Service', metadata }).metadata).toEqual({
      name: 'web',
      ...(labels && { labels }),
    });
  });

  it('adds neither labels nor annotations to a child that has none', () => {
    const child: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: {} };
    expect(asLastApplied(child)).toStrictEqual(child);
  });

  it.each(['{broken', '"a string"', undefined])('falls back to the observed object when the annotation is %j', text => {
    const child: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'ns',
        uid: 'u',
        resourceVersion: '3',
        labels: { a: 'b' },
        annotations: { mine: 'x', ...(text !== undefined && { [LAST_APPLIED_ANNOTATION]: text }) },
        ownerReferences: [{ apiVersion: 'v1', kind: 'StormService', name: 'web', uid: 'p1' }],
      },
      spec: { clusterIP: '10.0.0.1' },
      status: { loadBalancer: {} },
    };
    expect(asLastApplied(child)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'ns', labels: { a: 'b' }, annotations: { mine: 'x' } },
      spec: { clusterIP: '10.0.0.1' },
    });
  });
});
