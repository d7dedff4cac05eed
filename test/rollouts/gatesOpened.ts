import type { Write } from '../../src/sandbox/cluster/store.js';
import { APPROVE_ANNOTATION, PROMOTE_ANNOTATION } from '../../src/schema/names.js';

/** How many gates a person opens with this change of annotations. */
export function gatesOpenedBy({ before, after }: Write): number {
  const given = (annotation: string) => {
    const value = after?.metadata.annotations?.[annotation];
    return value !== undefined && value !== before?.metadata.annotations?.[annotation] ? value : undefined;
  };
  if (given(PROMOTE_ANNOTATION) === 'full') return Number.POSITIVE_INFINITY;
  return given(APPROVE_ANNOTATION) === undefined ? 0 : 1;
}
