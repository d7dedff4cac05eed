import { type Due, dueMeasurements } from '../analysis/analysis.js';
import type { Fetcher } from '../fetch/fetcher.js';
import type { MeasurementResult, Measurements } from '../fetch/measurement.js';
import type { Observation } from '../observe/observation.js';
import type { Instant } from '../schema/instant.js';

/** Makes measurements: the fetcher, and how long a sync may wait for it. */
export interface Analysis {
  readonly fetcher: Pick<Fetcher, 'measure'>;
  readonly waitMs: number;
}

/** The measurements that are due in the analyses of status. */
export function dueIn({ object: parent, related, memory }: Observation, now: Instant): Due {
  // Runs keep the queries that they started with, so the revisions do not matter here.
  const context = { parent, related, stableRevision: '', latestRevision: '' };
  return dueMeasurements(memory.analysis.runs, context, now);
}

/** Makes them, as far as they finish in time. */
export async function measure(
  { requests, answered }: Due,
  now: Instant,
  analysis: Analysis | undefined,
): Promise<Measurements> {
  if (requests.length === 0 || !analysis) return byKey(answered);
  const fetched = await analysis.fetcher.measure(requests, { waitMs: analysis.waitMs, now });
  return new Map([...fetched, ...byKey(answered)]);
}

function byKey(results: readonly MeasurementResult[]): Measurements {
  return new Map(results.map(result => [result.key, result]));
}
