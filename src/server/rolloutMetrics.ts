import { Gauge, type Registry } from 'prom-client';
import type { KubeObject } from '../metacontroller/object.js';
import { PHASES } from '../status/phases.js';
import type { RolloutSummary } from './rolloutSummary.js';

export interface RolloutMetricsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds without a sync after which a StormService leaves the metrics. */
  readonly ttl: number;
  /** How many StormServices are kept: those seen last. */
  readonly maxStormServices: number;
}

interface Sighting {
  readonly namespace: string;
  readonly name: string;
  readonly at: number;
  readonly summary: RolloutSummary;
}

/** Gauges per StormService. They are made of the sightings at every scrape, so what is dropped leaves no series. */
export interface RolloutMetrics {
  seen(parent: KubeObject, summary: RolloutSummary | undefined): void;
}

export function createRolloutMetrics(registry: Registry, options: RolloutMetricsOptions): RolloutMetrics {
  // In the order of sighting: the first is the one that was not seen for longest.
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
    help: '1 for the phase that the rollout is in, 0 for the others.',
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
    help: '1 while the new revision is taken back, by what took it back.',
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
  help: 'When this replica of the hook last answered for the StormService: of several replicas, believe the latest.',
  value: ({ at }) => at / 1000,
};

const stepIndex: GaugeOfRollout = {
  name: 'stormservice_rollout_step_index',
  help: 'Step that the rollout is at, counted from 0; the number of steps when it is through.',
  value: ({ summary }) => summary.currentStepIndex,
};

const canaryWeight: GaugeOfRollout = {
  name: 'stormservice_rollout_canary_weight',
  help: 'Share of traffic that the new revision shall have.',
  value: ({ summary }) => summary.canaryWeight,
};

const observedWeight: GaugeOfRollout = {
  name: 'stormservice_rollout_observed_weight',
  help: 'Share of traffic that the route was observed to give to the new revision.',
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
