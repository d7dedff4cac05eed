import type { Place } from '../schema/place.js';
import { show } from '../schema/show.js';
import { compileCondition } from './condition.js';

/** Refuses conditions that are not valid, for whoever reads a spec. One with `{{args}}` is checked when they are known. */
export function checkConditions(metric: { readonly name?: unknown }, place: Place): void {
  for (const field of ['successCondition', 'failureCondition'] as const) {
    const text = (metric as Readonly<Record<string, unknown>>)[field];
    if (typeof text !== 'string' || text.trim() === '' || text.includes('{{')) continue;
    const here = place.at(field);
    const compiled = compileCondition(text, here.path);
    if (!compiled.ok)
      for (const { problem, remedy } of compiled.problems)
        here.refuse(`metric ${show(metric.name)}: ${problem}`, remedy);
  }
}
