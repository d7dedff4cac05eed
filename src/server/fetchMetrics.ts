import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FetchLoad } from '../fetch/fetcher.js';
import type { FetchObserver } from '../fetch/observer.js';

/** Metrics of fetching. Nothing in them is named by a StormService. */
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
  const postponed = new Counter({
    name: 'analysis_queries_postponed_total',
    help: 'Queries that were not sent because of limits of this hook: they are made later, and count as nothing.',
    labelNames: ['provider'],
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
    postponed: provider => postponed.inc({ provider }),
  };
}
