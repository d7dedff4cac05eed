import { describe, expect, it } from 'vitest';
import { NO_METADATA, PARENT, POD_SPEC, ROLE } from '../../test/observed.js';
import type { PodMetadata, PodTemplate } from '../api/spec.js';
import { type NewReplicaSet, renderReplicaSet, renew, type Size } from './replicaSet.js';

const NEW: NewReplicaSet = {
  parent: PARENT,
  revision: 'abc',
  role: ROLE,
  size: { replicas: 3, minReadySeconds: 0 },
  podMetadata: NO_METADATA,
};
const NOTE = 'orchestration.aibrix.io/role-metadata';
const OURS = { 'orchestration.aibrix.io/stormservice': 'my-app', 'orchestration.aibrix.io/revision': 'abc' };
const OURS_WITH_ROLE = { ...OURS, 'orchestration.aibrix.io/role': 'decode' };

describe('a new ReplicaSet', () => {
  it('of a plain template has no trace of a role', () => {
    expect(renderReplicaSet(NEW)).toStrictEqual({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'my-app-abc', namespace: 'shop', labels: OURS },
      spec: {
        replicas: 3,
        selector: { matchLabels: OURS },
        template: {
          metadata: { labels: { app: 'web', 'storm-service-name': 'my-app', ...OURS } },
          spec: POD_SPEC,
        },
      },
    });
  });

  it('of a role names it, and notes its pods in one role set', () => {
    const role = { ...ROLE, name: 'decode', pods: 2 };
    expect(renderReplicaSet({ ...NEW, role, size: { replicas: 4, minReadySeconds: 5 } })).toStrictEqual({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'my-app-decode-abc',
        namespace: 'shop',
        labels: OURS_WITH_ROLE,
        annotations: { 'orchestration.aibrix.io/pods-per-role-set': '2' },
      },
      spec: {
        replicas: 4,
        minReadySeconds: 5,
        selector: { matchLabels: OURS_WITH_ROLE },
        template: {
          metadata: {
            labels: { app: 'web', 'storm-service-name': 'my-app', 'role-name': 'decode', ...OURS_WITH_ROLE },
          },
          spec: POD_SPEC,
        },
      },
    });
  });
});

describe('the pods of a new ReplicaSet', () => {
  const metadata = (template: PodTemplate, podMetadata: Partial<PodMetadata> = {}, name = '') => {
    const role = { ...ROLE, name, template };
    const { spec } = renderReplicaSet({ ...NEW, role, podMetadata: { ...NO_METADATA, ...podMetadata } });
    return (spec as { readonly template: PodTemplate }).template.metadata;
  };
  const added = { labels: { version: 'canary', app: 'added' }, annotations: { scrape: 'true', team: 'added' } };
  const noted = '{"annotations":["scrape","team"],"labels":["app","version"]}';
  const written = { labels: { app: 'web' }, annotations: { team: 'web' } };
  const always = { 'storm-service-name': 'my-app', ...OURS };

  it.each<[string, PodTemplate, Partial<PodMetadata>, PodTemplate['metadata']]>([
    ['our labels alone', { spec: POD_SPEC }, {}, { labels: always }],
    [
      'the annotations of the template',
      { metadata: written, spec: POD_SPEC },
      {},
      {
        labels: { app: 'web', ...always },
        annotations: { team: 'web' },
      },
    ],
    [
      'the labels and annotations of the strategy',
      { spec: POD_SPEC },
      added,
      {
        labels: { version: 'canary', app: 'added', ...always },
        annotations: { scrape: 'true', team: 'added', [NOTE]: noted },
      },
    ],
    [
      'those of the strategy instead of those of the template',
      { metadata: written, spec: POD_SPEC },
      added,
      {
        labels: { app: 'added', version: 'canary', ...always },
        annotations: { team: 'added', scrape: 'true', [NOTE]: noted },
      },
    ],
  ])('have %s', (_, template, podMetadata, expected) => {
    expect(metadata(template, podMetadata)).toStrictEqual(expected);
  });

  it('have our labels whatever the template and the strategy say: selectors depend on them', () => {
    const all = { 'storm-service-name': 'my-app', 'role-name': 'decode', ...OURS_WITH_ROLE };
    const labels = Object.fromEntries(Object.keys(all).map(name => [name, 'wrong']));
    expect(metadata({ metadata: { labels }, spec: POD_SPEC }, {}, 'decode')).toStrictEqual({ labels: all });
    expect(metadata({ spec: POD_SPEC }, { labels }, 'decode')).toStrictEqual({ labels: all });
  });
});

describe('an existing ReplicaSet', () => {
  const spec = { selector: { matchLabels: { old: 'label' } }, template: { spec: POD_SPEC } };
  const observed = (size: Partial<Size>) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'my-app-abc', namespace: 'shop', uid: 'r1', labels: { old: 'label' } },
    spec: { ...size, ...spec },
    status: { replicas: 3 },
  });

  it.each<[string, Partial<Size>, Size, Partial<Size>]>([
    ['grows', { replicas: 3 }, { replicas: 5, minReadySeconds: 0 }, { replicas: 5 }],
    ['shrinks to 0', { replicas: 3 }, { replicas: 0, minReadySeconds: 0 }, { replicas: 0 }],
    ['gets minReadySeconds', { replicas: 3 }, { replicas: 3, minReadySeconds: 1 }, { replicas: 3, minReadySeconds: 1 }],
    [
      'gets another minReadySeconds',
      { replicas: 3, minReadySeconds: 1 },
      { replicas: 3, minReadySeconds: 9 },
      { replicas: 3, minReadySeconds: 9 },
    ],
    [
      'loses minReadySeconds',
      { replicas: 3, minReadySeconds: 1 },
      { replicas: 3, minReadySeconds: 0 },
      { replicas: 3 },
    ],
  ])('%s, and nothing else changes', (_, before, size, after) => {
    expect(renew(observed(before), size, undefined)).toStrictEqual({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'my-app-abc', namespace: 'shop', labels: { old: 'label' } },
      spec: { ...spec, ...after },
    });
  });
});
