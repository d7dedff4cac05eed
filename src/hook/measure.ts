import { dueMeasurements } from '../analysis/analysis.js';
import type { Fetcher } from '../fetch/fetcher.js';
import type { MeasurementResult, Measurements } from '../fetch/measurement.js';
import type { Observation } from '../observe/observation.js';
import type { Instant } from '../schema/instant.js';

/** How measurements are made: the fetcher, and how long a sync may wait for it. */
export interface Analysis {
  readonly fetcher: Pick<Fetcher, 'measure'>;
  readonly waitMs: number;
}

/** What the analyses in status ask for now, as far as it is known in time. */
export async function measure(
  { object: parent, related, memory }: Observation,
  now: Instant,
  analysis: Analysis | undefined,
): Promise<Measurements> {
  // Runs keep the queries that they began with, so no revision has to be known here.
  const context = { parent, related, stableRevision: '', latestRevision: '' };
  const { requests, answered } = dueMeasurements(memory.analysis.runs, context, now);
  if (requests.length === 0 || !analysis) return byKey(answered);
  const fetched = await analysis.fetcher.measure(requests, { waitMs: analysis.waitMs, now });
  return new Map([...fetched, ...byKey(answered)]);
}

function byKey(results: readonly MeasurementResult[]): Measurements {
  return new Map(results.map(result => [result.key, result]));
}
