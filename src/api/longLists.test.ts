import { expect, it } from 'vitest';
import { readSpec } from './readSpec.js';

const many = (count: number, item: (index: number) => object) => Array.from({ length: count }, (_, i) => item(i));
const specOf = (container: object) => ({
  replicas: 1,
  template: {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'web:1', ...container }] },
  },
});

it.each([
  ['ports', { ports: many(60_000, index => ({ containerPort: index + 1, name: `p${index}` })) }],
  ['ports without names', { ports: many(60_000, index => ({ containerPort: index + 1 })) }],
  ['variables', { env: many(60_000, index => ({ name: `E${index}`, value: 'x' })) }],
])('%s: a long list takes time in proportion to its length', (_, container) => {
  const before = process.cpuUsage();
  expect(readSpec(specOf(container), { name: 'web', namespace: 'shop', applyStrategy: 'dynamic-apply' }).ok).toBe(true);
  // Comparing each with each takes minutes.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
});

it('of many unknown fields only the first are explained', () => {
  const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, 1]));
  const read = readSpec(
    { ...specOf({}), ...fields },
    { name: 'web', namespace: 'shop', applyStrategy: 'dynamic-apply' },
  );
  expect(read).toMatchObject({ ok: false, problems: { length: 100, 0: { path: 'spec.f0' } } });
});
