import type { Place } from '../schema/place.js';
import { show } from '../schema/show.js';
import { compileCondition } from './condition.js';

const FIELDS = ['successCondition', 'failureCondition'] as const;

/** Characters of all conditions that are read at once: some 20 ms to compile. */
const MAX_TOTAL_LENGTH = 16_384;

/** Refuses conditions that are not valid, for whoever reads a spec. One with `{{args}}` is checked when they are known. */
export function checkConditions(metric: { readonly name?: unknown }, place: Place): void {
  for (const field of FIELDS) {
    const text = textOf(metric, field);
    if (text === undefined || text.trim() === '' || text.includes('{{')) continue;
    const here = place.at(field);
    const compiled = compileCondition(text, here.path);
    if (!compiled.ok)
      for (const { problem, remedy } of compiled.problems)
        here.refuse(`metric ${show(metric.name)}: ${problem}`, remedy);
  }
}

/** Refuses conditions that together take too long to compile, before any of them is. `place`: of the metrics. */
export function checkTotalLength(metrics: readonly object[], place: Place): void {
  const length = metrics.reduce(
    (sum, metric) => FIELDS.reduce((total, field) => total + (textOf(metric, field)?.length ?? 0), sum),
    0,
  );
  if (length <= MAX_TOTAL_LENGTH) return;
  place.refuse(
    `the conditions of all metrics together have ${length} characters`,
    `use at most ${MAX_TOTAL_LENGTH}: shorten them, or let the queries do more of the work`,
  );
}

function textOf(metric: object, field: (typeof FIELDS)[number]): string | undefined {
  const text = (metric as Readonly<Record<string, unknown>>)[field];
  return typeof text === 'string' ? text : undefined;
}
