import { describe, expect, it } from 'vitest';
import { readSpec } from '../../../src/api/readSpec.js';
import { readManifest } from '../manifest/manifest.js';
import { entryOf } from './entry.js';

function entry(sample: string): string | undefined {
  const { object } = readManifest(`samples/rollout/${sample}.yaml`);
  const { name, namespace = '' } = object.metadata;
  const result = readSpec(object['spec'], { name, namespace, applyStrategy: 'dynamic-apply' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return entryOf(result.value, namespace);
}

describe('entryOf', () => {
  it.each([
    ['canary-basic', 'canary-basic.default'],
    ['blue-green', 'blue-green.default'],
    ['canary-gateway-api', 'my-app.example.com'],
    ['canary-linkerd', 'my-app.default'],
    ['canary-istio', 'my-app.default'],
    ['canary-istio-subsets', 'my-app.default'],
    ['canary-smi', 'my-app.default'],
    ['canary-nginx', undefined],
    ['canary-traefik', undefined],
    ['canary-contour', undefined],
  ])('%s: %s', (sample, expected) => {
    expect(entry(sample)).toBe(expected);
  });
});
