import type { Fetcher } from '../fetch/fetcher.js';
import type { MeasurementResult, Measurements } from '../fetch/measurement.js';
import type { Hook, SyncRequest } from '../metacontroller/hook.js';
import type { Instant } from '../schema/instant.js';
import { answerCustomize } from './customize.js';
import { answerDecorate } from './decorate.js';
import type { Settings } from './settings.js';
import { answerSync, dueForSync } from './sync.js';

/** How measurements are made: the fetcher, and how long a sync may wait for it. */
export interface Analysis {
  readonly fetcher: Pick<Fetcher, 'measure'>;
  readonly waitMs: number;
}

/** The hook with a clock and a fetcher: what the server and the sandbox call. Only fetching leaves the process. */
export function createHook(settings: Settings, clock: () => Instant, analysis?: Analysis): Hook {
  return {
    async sync(request) {
      const measurements = await measure(request, clock(), analysis);
      return answerSync(request, clock(), settings, measurements);
    },
    customize: async request => answerCustomize(request, settings),
    decorate: async request => answerDecorate(request),
  };
}

async function measure(request: SyncRequest, now: Instant, analysis: Analysis | undefined): Promise<Measurements> {
  const { requests, answered } = dueForSync(request, now);
  if (requests.length === 0 || !analysis) return byKey(answered);
  const fetched = await analysis.fetcher.measure(requests, { waitMs: analysis.waitMs, now });
  return new Map([...fetched, ...byKey(answered)]);
}

function byKey(results: readonly MeasurementResult[]): Measurements {
  return new Map(results.map(result => [result.key, result]));
}
