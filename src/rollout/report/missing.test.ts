import { describe, expect, it } from 'vitest';
import { type Cluster, HASH, observed, T } from '../../../test/rollouts/observed.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Missing } from '../../status/schema.js';
import { findMissing, namedAt } from './missing.js';

const child = (kind: string, name: string, apiVersion = 'v1'): KubeObject => ({ apiVersion, kind, metadata: { name } });
const SERVICE = child('Service', 'my-app-canary');
const EARLIER = '2025-12-31T23:59:50Z';
const since = (entry: Partial<Missing> = {}): Missing => ({
  kind: 'Service',
  name: 'my-app-canary',
  since: EARLIER,
  ...entry,
});

describe('a desired child', () => {
  const missing = (cluster: Partial<Cluster>, ...desired: readonly KubeObject[]) =>
    findMissing(observed({ strategy: { canary: {} }, ...cluster }), desired, T - 999);

  it.each<[string, Partial<Cluster>, readonly KubeObject[], readonly Missing[]]>([
    [
      'that is not observed is missing from the next full second',
      {},
      [SERVICE],
      [since({ since: '2026-01-01T00:00:00Z' })],
    ],
    ['that was missing before keeps its time', { memory: { missing: [since()] } }, [SERVICE], [since()]],
    [
      'does not have the time of another kind',
      { memory: { missing: [since({ kind: 'ReplicaSet' })] } },
      [SERVICE],
      [since({ since: '2026-01-01T00:00:00Z' })],
    ],
    [
      'does not have the time of another name',
      { memory: { missing: [since({ name: 'my-app' })] } },
      [SERVICE],
      [since({ since: '2026-01-01T00:00:00Z' })],
    ],
    ['that is observed is not missing', { selects: { 'my-app-canary': 'new' } }, [SERVICE], []],
    [
      'is missing among those that are observed',
      { selects: { 'my-app-canary': 'new' }, memory: { missing: [since({ name: 'my-app' })] } },
      [SERVICE, child('Service', 'my-app')],
      [since({ name: 'my-app' })],
    ],
    [
      'of another group is another child',
      { selects: { 'my-app-canary': 'new' }, memory: { missing: [since()] } },
      [child('Service', 'my-app-canary', 'serving.knative.dev/v1')],
      [since()],
    ],
    [
      'is not missing in the first sync of its revision',
      { memory: { missing: [since()], updatedRevision: HASH.old } },
      [SERVICE],
      [],
    ],
  ])('%s', (_, cluster, desired, expected) => {
    expect(missing(cluster, ...desired)).toEqual(expected);
  });
});

describe('a condition names a missing child', () => {
  it.each<[string, readonly string[], number | undefined]>([
    ['10 s after it was first found missing', ['2026-01-01T00:00:00Z'], 10],
    ['at the first of several times', ['2026-01-01T00:00:00Z', '2025-12-31T23:59:55Z'], 5],
    ['already', ['2025-12-31T23:59:50Z'], undefined],
    ['already, and the next one in a second', ['2025-12-31T23:59:50Z', '2025-12-31T23:59:51Z'], 1],
    ['if any is missing', [], undefined],
  ])('%s', (_, times, seconds) => {
    const at = namedAt(
      times.map(time => since({ since: time })),
      T,
    );
    expect(at).toBe(seconds === undefined ? undefined : T + seconds * 1000);
  });
});
