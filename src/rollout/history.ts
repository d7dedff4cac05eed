import type { Revision } from '../observe/revisions.js';

/**
 * The revisions that stay recorded: those in `inUse` or with pods, and the newest `limit` of the others.
 */
export function keepHistory(
  revisions: readonly Revision[],
  inUse: ReadonlySet<string>,
  limit: number,
): readonly Revision[] {
  const isKept = ({ hash, roles }: Revision) =>
    inUse.has(hash) || roles.some(({ spec, replicas }) => spec > 0 || replicas > 0);
  const old = revisions.filter(revision => !isKept(revision));
  const dropped = new Set(old.slice(0, Math.max(0, old.length - limit)));
  return revisions.filter(revision => !dropped.has(revision));
}
