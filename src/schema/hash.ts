import { createHash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

const canonicalJson = configure({ deterministic: true, bigint: false });

/** No vowels and no look-alikes, as Kubernetes' own safe encoding: no hash spells a word. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const LENGTH = 10;

/** Canonical JSON: keys sorted at every depth, no white space. */
export function canonical(value: unknown): string {
  return canonicalJson(value) ?? 'null';
}

/**
 * A revision's hash: 10 characters over the canonical JSON of the template as the user wrote it. The order of keys
 * does not count and neither does our version: an upgrade of the hook must never look like a new template.
 */
export function hash(value: unknown): string {
  const digest = createHash('sha256').update(canonical(value)).digest();
  return Array.from(digest.subarray(0, LENGTH), byte => ALPHABET[byte % ALPHABET.length]).join('');
}
