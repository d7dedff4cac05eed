import { Gauge, type Registry } from 'prom-client';
import type { KubeObject } from '../metacontroller/object.js';
import { PHASES } from '../status/phases.js';
import type { RolloutSummary } from './rolloutSummary.js';

export interface RolloutMetricsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds without a sync after which a StormService is dropped from the metrics. */
  readonly ttl: number;
  /** Maximum number of StormServices; the most recently synced are kept. */
  readonly maxStormServices: number;
}

interface Sighting {
  readonly namespace: string;
  readonly name: string;
  readonly at: number;
  readonly summary: RolloutSummary;
}

/** Gauges per StormService, built at every scrape, so that a dropped StormService leaves no series. */
export interface RolloutMetrics {
  seen(parent: KubeObject, summary: RolloutSummary | undefined): void;
}

export function createRolloutMetrics(registry: Registry, options: RolloutMetricsOptions): RolloutMetrics {
  // Least recently synced first.
  const sightings = new Map<string, Sighting>();
  const live = () => {
    dropStale(sightings, options);
    return [...sightings.values()];
  };
  registerPhase(registry, live);
  registerAborted(registry, live);
  registerGauge(registry, live, lastSync);
  registerGauge(registry, live, stepIndex);
  registerGauge(registry, live, canaryWeight);
  registerGauge(registry, live, observedWeight);

  return {
    seen(parent, summary) {
      const { namespace = '', name, deletionTimestamp } = parent.metadata;
      const key = `${namespace}/${name}`;
      sightings.delete(key);
      if (summary !== undefined && deletionTimestamp === undefined) {
        sightings.set(key, { namespace, name, at: options.now(), summary });
      }
      dropStale(sightings, options);
    },
  };
}

function dropStale(sightings: Map<string, Sighting>, { now, ttl, maxStormServices }: RolloutMetricsOptions): void {
  const oldest = now() - ttl;
  for (const [key, { at }] of sightings) {
    if (at >= oldest && sightings.size <= maxStormServices) return;
    sightings.delete(key);
  }
}

function registerPhase(registry: Registry, live: () => readonly Sighting[]): void {
  new Gauge({
    name: 'stormservice_rollout_phase',
    help: '1 for the current phase of the rollout, 0 for the others.',
    labelNames: ['namespace', 'name', 'phase'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { namespace, name, summary } of live()) {
        for (const phase of PHASES) this.set({ namespace, name, phase }, Number(summary.phase === phase));
      }
    },
  });
}

function registerAborted(registry: Registry, live: () => readonly Sighting[]): void {
  new Gauge({
    name: 'stormservice_rollout_aborted',
    help: '1 while the new revision is rolled back, by reason.',
    labelNames: ['namespace', 'name', 'reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { namespace, name, summary } of live()) {
        const { abortReason: reason } = summary;
        if (reason !== undefined) this.set({ namespace, name, reason }, 1);
      }
    },
  });
}

interface GaugeOfRollout {
  readonly name: string;
  readonly help: string;
  /** Undefined: this StormService has no such value. */
  readonly value: (sighting: Sighting) => number | undefined;
}

const lastSync: GaugeOfRollout = {
  name: 'stormservice_rollout_last_sync_timestamp_seconds',
  help: 'Time of the last sync of the StormService on this replica of the hook; among several replicas, the most recent is current.',
  value: ({ at }) => at / 1000,
};

const stepIndex: GaugeOfRollout = {
  name: 'stormservice_rollout_step_index',
  help: 'Index of the current step, from 0; the number of steps when all are done.',
  value: ({ summary }) => summary.currentStepIndex,
};

const canaryWeight: GaugeOfRollout = {
  name: 'stormservice_rollout_canary_weight',
  help: 'Desired weight of the new revision.',
  value: ({ summary }) => summary.canaryWeight,
};

const observedWeight: GaugeOfRollout = {
  name: 'stormservice_rollout_observed_weight',
  help: 'Weight of the new revision observed in the route.',
  value: ({ summary }) => summary.observedWeight,
};

function registerGauge(
  registry: Registry,
  live: () => readonly Sighting[],
  { name, help, value }: GaugeOfRollout,
): void {
  new Gauge({
    name,
    help,
    labelNames: ['namespace', 'name'],
    registers: [registry],
    collect() {
      this.reset();
      for (const sighting of live()) {
        const number = value(sighting);
        if (number !== undefined) this.set({ namespace: sighting.namespace, name: sighting.name }, number);
      }
    },
  });
}
