import { durationSeconds } from '../schema/duration.js';
import { fromRfc3339, type Instant } from '../schema/instant.js';
import { QueryError } from './queryError.js';

const TERM = /\s*([+-])\s*duration\(\s*["']([^"']+)["']\s*\)/y;

/**
 * A point in time as Argo Rollouts writes it in `rangeQuery`: `now()`, `now() - duration("1h")`; also RFC 3339 and
 * epoch seconds. Absent: now.
 * @throws QueryError that calls the field by `label`
 */
export function instantOf(written: string | undefined, label: string, now: Instant): Instant {
  const text = written?.trim() ?? 'now()';
  const instant = relative(text, now) ?? absolute(text);
  if (instant === undefined) {
    throw new QueryError('spec', `${label} is not a time such as now() - duration("5m") or 2026-01-31T12:00:00Z`);
  }
  return instant;
}

function relative(text: string, now: Instant): Instant | undefined {
  const start = /^now(\(\))?/.exec(text);
  if (!start) return undefined;
  let instant = now;
  let position = start[0].length;
  while (position < text.length) {
    TERM.lastIndex = position;
    const term = TERM.exec(text);
    const seconds = durationSeconds(term?.[2]);
    if (!term || seconds === undefined) return undefined;
    instant += (term[1] === '-' ? -1000 : 1000) * seconds;
    position = TERM.lastIndex;
  }
  return instant;
}

function absolute(text: string): Instant | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : fromRfc3339(text);
}
