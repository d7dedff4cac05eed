import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HookName } from '../metacontroller/readRequest.js';
import type { ErrorCode } from '../schema/errors.js';
import { createRolloutMetrics, type RolloutMetrics, type RolloutMetricsOptions } from './rolloutMetrics.js';

/** How a hook call ended: with a response, with an invalid spec, refused, failed, or after the caller disconnected. */
export const outcomes = ['ok', 'invalid_spec', 'refused', 'failed', 'gone'] as const;
export type CallOutcome = (typeof outcomes)[number];

/** What became of a sync that was passed to another replica; `limited`: too many are, and it was not. */
const forwardOutcomes = ['answered', 'refused', 'late', 'unreachable', 'limited'] as const;
export type ForwardOutcome = (typeof forwardOutcomes)[number];

export interface MetricsOptions extends RolloutMetricsOptions {
  readonly version: string;
}

/** Everything that GET /metrics shows. */
export interface Metrics {
  /** Without the gauges of StormServices. */
  readonly registry: Registry;
  /** All, in the text format of Prometheus. */
  expose(): Promise<string>;
  called(hook: HookName, outcome: CallOutcome, seconds: number): void;
  failed(hook: HookName, code: ErrorCode): void;
  forwarded(outcome: ForwardOutcome): void;
  readonly rollouts: RolloutMetrics;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const syncs = new Counter({
    name: 'hook_sync_total',
    help: 'Calls of /sync, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  // A rate over a series that only appears with its first failure would miss that failure.
  for (const outcome of outcomes) syncs.inc({ outcome }, 0);
  const durations = new Histogram({
    name: 'hook_duration_seconds',
    help: 'Time from the first byte of a hook call to the last byte of its response.',
    labelNames: ['hook'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const errors = new Counter({
    name: 'hook_errors_total',
    help: 'Hook calls that were refused or failed, by error code.',
    labelNames: ['hook', 'code'],
    registers,
  });
  const forwarded = new Counter({
    name: 'hook_sync_forwarded_total',
    help: 'Syncs passed to the replica that measures for their StormService, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of forwardOutcomes) forwarded.inc({ outcome }, 0);
  new Gauge({
    name: 'stormservice_rollouts_build_info',
    help: 'Always 1, with the versions of the hook and of Node.js as labels.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: options.version, node: process.version }, 1);

  const rollouts = createRolloutMetrics(options);
  return {
    registry,
    expose: async () => `${await registry.metrics()}\n${rollouts.expose()}`,
    called(hook, outcome, seconds) {
      if (hook === 'sync') syncs.inc({ outcome });
      durations.observe({ hook }, seconds);
    },
    failed: (hook, code) => errors.inc({ hook, code }),
    forwarded: outcome => forwarded.inc({ outcome }),
    rollouts,
  };
}
