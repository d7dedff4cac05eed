import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { realClock } from './fetch/clock.js';
import { createFetcher } from './fetch/fetcher.js';
import { createHook } from './hook/hook.js';
import { CallTurns } from './server/callTurns.js';
import type { Config } from './server/config.js';
import { observeFetching } from './server/fetchMetrics.js';
import { serveLargeCalls } from './server/large/answerLarge.js';
import { createLargeCalls } from './server/large/largeCalls.js';
import type { Metrics } from './server/metrics.js';
import { realSurroundings, type Service, start } from './server/start.js';

if (isMainThread) await start(createService, realSurroundings);
else serveLargeCalls();

function createService({ applyStrategy, analysis: { timeout, allow, wait } }: Config, { registry }: Metrics): Service {
  const fetcher = createFetcher({
    settings: { timeoutMs: timeout, ...(allow && { allow }) },
    observer: observeFetching(registry, () => fetcher.load),
  });
  const settings = { applyStrategy };
  const analysis = { fetcher, waitMs: wait };
  const turns = new CallTurns();
  const script = fileURLToPath(import.meta.url);
  const largeCalls = createLargeCalls({ script, settings, analysis, clock: realClock });
  return {
    hook: createHook(settings, Date.now, { ...analysis, fetcher: turns.before(fetcher) }),
    largeCalls,
    turns,
    close: async () => {
      await Promise.all([fetcher.close(), largeCalls.close()]);
    },
  };
}
