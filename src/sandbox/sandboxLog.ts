import type { Instant } from '../schema/instant.js';
import { isObject } from '../schema/json.js';
import type { Cluster } from './cluster/cluster.js';
import { STORM_SERVICE } from './cluster/kinds.js';
import type { Write } from './cluster/store.js';
import type { Kubelet, PodEvent } from './controllers/kubelet.js';
import type { SyncReport } from './metacontroller/metacontroller.js';
import type { Clock } from './time/clock.js';

export type SandboxEvent =
  | { readonly type: 'write'; readonly at: Instant; readonly write: Write }
  | { readonly type: 'sync'; readonly at: Instant; readonly sync: SyncReport }
  | { readonly type: 'pod'; readonly at: Instant; readonly pod: PodEvent };

const REMEMBERED = 200;
const SHOWN = 12;

/** What happened in a sandbox: for live views, and for the message of a test that failed. */
export class SandboxLog {
  readonly #cluster: Cluster;
  readonly #events: SandboxEvent[] = [];
  readonly #listeners = new Set<(event: SandboxEvent) => void>();

  constructor(clock: Clock, cluster: Cluster, kubelet: Kubelet) {
    this.#cluster = cluster;
    cluster.watch(write => this.add({ type: 'write', at: clock.now(), write }));
    kubelet.on(pod => this.add({ type: 'pod', at: clock.now(), pod }));
  }

  on(listener: (event: SandboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(event: SandboxEvent): void {
    this.#events.push(event);
    if (this.#events.length > REMEMBERED) this.#events.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** The latest events, oldest first. */
  get events(): readonly SandboxEvent[] {
    return this.#events;
  }

  /** How every StormService stands and what happened last. */
  summary(): string {
    const states = this.#cluster.list(STORM_SERVICE).map(({ metadata, status }) => {
      const rollout = isObject(status) && isObject(status['rolloutStatus']) ? status['rolloutStatus'] : {};
      return `${metadata.name}: ${rollout['phase'] ?? 'no phase'}, ${rollout['message'] ?? 'no message'}`;
    });
    return [...states, 'Last events:', ...this.#events.slice(-SHOWN).map(describeEvent)].join('\n  ');
  }
}

export function describeEvent({ at, ...event }: SandboxEvent): string {
  const time = new Date(at).toISOString().slice(11, 23);
  switch (event.type) {
    case 'write':
      return `${time} ${event.write.by} ${event.write.verb} ${event.write.kind} ${event.write.key}`;
    case 'sync':
      return `${time} sync ${event.sync.number} of ${event.sync.parent}: ${event.sync.failure?.message ?? 'done'}`;
    case 'pod':
      return `${time} pod ${event.pod.pod.name} ${event.pod.change}`;
  }
}
