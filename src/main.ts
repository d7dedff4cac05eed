import { createFetcher } from './fetch/fetcher.js';
import { createHook } from './hook/hook.js';
import { observeFetching } from './server/fetchMetrics.js';
import { realSurroundings, start } from './server/start.js';

await start(({ applyStrategy, analysis }, { registry }) => {
  const fetcher = createFetcher({
    settings: { timeoutMs: analysis.timeout, ...(analysis.allow && { allow: analysis.allow }) },
    observer: observeFetching(registry, () => fetcher.load),
  });
  return {
    hook: createHook({ applyStrategy }, Date.now, { fetcher, waitMs: analysis.wait }),
    close: () => fetcher.close(),
  };
}, realSurroundings);
