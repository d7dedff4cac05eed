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
  readonly at: number;
  /** Of each gauge, as they are exposed. */
  readonly lines: readonly string[];
}

/**
 * Gauges per StormService. Their lines are written when it is synced, so that a scrape of thousands, which stops
 * everybody else for as long as it takes, has only to put them together. A dropped StormService leaves no series.
 */
export interface RolloutMetrics {
  seen(parent: Pick<KubeObject, 'metadata'>, summary: RolloutSummary | undefined): void;
  /** In the text format of Prometheus. */
  expose(): string;
}

export function createRolloutMetrics(options: RolloutMetricsOptions): RolloutMetrics {
  // Least recently synced first.
  const sightings = new Map<string, Sighting>();
  return {
    seen(parent, summary) {
      const { namespace = '', name, deletionTimestamp } = parent.metadata;
      const key = `${namespace}/${name}`;
      sightings.delete(key);
      if (summary !== undefined && deletionTimestamp === undefined) {
        const at = options.now();
        const labels = `namespace="${escaped(namespace)}",name="${escaped(name)}"`;
        sightings.set(key, { at, lines: gauges.map(gauge => linesOf(gauge, labels, summary, at)) });
      }
      dropStale(sightings, options);
    },
    expose() {
      dropStale(sightings, options);
      const all = [...sightings.values()];
      return gauges
        .map(({ name, help }, index) => {
          const head = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
          return head + all.map(({ lines }) => lines[index]).join('');
        })
        .join('\n');
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

interface Sample {
  /** Beside namespace and name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Undefined: this StormService has no such value. */
  readonly value: number | undefined;
}

interface RolloutGauge {
  readonly name: string;
  readonly help: string;
  readonly samples: (summary: RolloutSummary, at: number) => readonly Sample[];
}

const gauges: readonly RolloutGauge[] = [
  {
    name: 'stormservice_rollout_phase',
    help: '1 for the current phase of the rollout, 0 for the others.',
    samples: summary => PHASES.map(phase => ({ labels: { phase }, value: Number(summary.phase === phase) })),
  },
  {
    name: 'stormservice_rollout_aborted',
    help: '1 while the new revision is rolled back, by reason.',
    samples: ({ abortReason: reason }) => (reason === undefined ? [] : [{ labels: { reason }, value: 1 }]),
  },
  {
    name: 'stormservice_rollout_last_sync_timestamp_seconds',
    help: 'Time of the last sync of the StormService on this replica of the hook; among several replicas, the most recent is current.',
    samples: (_, at) => [{ value: at / 1000 }],
  },
  {
    name: 'stormservice_rollout_step_index',
    help: 'Index of the current step, from 0; the number of steps when all are done.',
    samples: ({ currentStepIndex }) => [{ value: currentStepIndex }],
  },
  {
    name: 'stormservice_rollout_canary_weight',
    help: 'Desired weight of the new revision.',
    samples: ({ canaryWeight }) => [{ value: canaryWeight }],
  },
  {
    name: 'stormservice_rollout_observed_weight',
    help: 'Weight of the new revision observed in the route.',
    samples: ({ observedWeight }) => [{ value: observedWeight }],
  },
];

function linesOf({ name, samples }: RolloutGauge, owner: string, summary: RolloutSummary, at: number): string {
  return samples(summary, at)
    .filter(({ value }) => value !== undefined)
    .map(({ labels = {}, value }) => {
      const own = Object.entries(labels).map(([label, text]) => `,${label}="${escaped(text)}"`);
      return `${name}{${owner}${own.join('')}} ${value}\n`;
    })
    .join('');
}

/** As in a label value of the text format. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
