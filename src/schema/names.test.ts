import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childName } from './names.js';

const part = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?$/);

describe('childName', () => {
  it.each([
    [['my-app', 'abc'], 'my-app-abc'],
    [['my-app', '', 'abc'], 'my-app-abc'],
    [['my-app', 'prefill', 'abc'], 'my-app-prefill-abc'],
    [['a'.repeat(63)], 'a'.repeat(63)],
  ])('%j is %s', (parts, name) => {
    expect(childName(...parts)).toBe(name);
  });

  it('is always a DNS label, and long ones that differ anywhere differ', () => {
    fc.assert(
      fc.property(part, part, part, part, (name, role, hash, other) => {
        const long = childName(name, role, hash);
        expect(long).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
        fc.pre(other !== hash);
        expect(childName(name, role, other)).not.toBe(long);
      }),
    );
  });

  it('a shortened name tells of its whole: one more letter at the end is another name', () => {
    const long = 'x'.repeat(70);
    expect(childName(long)).toHaveLength(63);
    expect(childName(long)).not.toBe(childName(`${long}y`));
  });
});
