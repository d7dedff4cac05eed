import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, hash } from './hash.js';

describe('hash', () => {
  it('is ten characters that a label and a DNS name may hold', () => {
    fc.assert(fc.property(fc.jsonValue(), value => /^[bcdfghjklmnpqrstvwxz24-9]{10}$/.test(hash(value))));
  });

  it('does not depend on the order of keys', () => {
    expect(hash({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(hash({ b: { d: 'x', c: [1, 2] }, a: 1 }));
  });

  it('depends on the order of lists and on every value', () => {
    const hashes = [{ a: [1, 2] }, { a: [2, 1] }, { a: ['1', 2] }, { a: [1, 2], b: null }].map(hash);
    expect(new Set(hashes).size).toBe(4);
  });

  it('never changes: running pods carry it', () => {
    const template = {
      metadata: { labels: { app: 'my-app' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
    };
    expect(canonical(template)).toBe(
      '{"metadata":{"labels":{"app":"my-app"}},"spec":{"containers":[{"image":"nginx:1.27","name":"web"}]}}',
    );
    expect(hash(template)).toMatchInlineSnapshot(`"cp8ddn84vp"`);
  });
});
