import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FetchLoad } from '../fetch/fetcher.js';
import type { FetchObserver } from '../fetch/observer.js';

/** Metrics of fetching. Targets are named by StormServices; a healthy or forgotten target has no series. */
export function observeFetching(registry: Registry, load: () => FetchLoad): FetchObserver {
  const registers = [registry];
  const queries = new Histogram({
    name: 'analysis_query_duration_seconds',
    help: 'Duration of queries of metrics providers, from the first request to the value or error.',
    labelNames: ['provider', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const shared = new Counter({
    name: 'analysis_queries_shared_total',
    help: 'Queries that shared the response to an identical query.',
    labelNames: ['provider'],
    registers,
  });
  const rejected = new Counter({
    name: 'analysis_queries_rejected_total',
    help: 'Queries that were rejected by the limits of this hook.',
    registers,
  });
  const breakers = new Gauge({
    name: 'analysis_breaker_open',
    help: '1 for each target that is not called because it failed or timed out.',
    labelNames: ['target'],
    registers,
  });
  new Gauge({
    name: 'analysis_queries_under_way',
    help: 'Queries in progress.',
    registers,
    collect() {
      this.set(load().underWay);
    },
  });
  return {
    queried: (provider, outcome, seconds) => queries.observe({ provider, outcome }, seconds),
    shared: provider => shared.inc({ provider }),
    rejected: () => rejected.inc(),
    breakerChanged(target, state) {
      if (state === 'closed') breakers.remove({ target });
      else breakers.set({ target }, 1);
    },
  };
}
