import { matchesLabels } from '../cluster/labels.js';
import type { Pod, PodFates } from '../cluster/pod.js';
import type { Cancel, Clock } from '../time/clock.js';

export type PodChange =
  | 'created'
  | 'started'
  | 'ready'
  | 'available'
  | 'unavailable'
  | 'relabelled'
  | 'terminating'
  | 'gone';

export interface PodEvent {
  readonly change: PodChange;
  readonly pod: Pod;
}

export interface KubeletOptions {
  readonly clock: Clock;
  readonly fates: PodFates;
  readonly terminationSeconds: number;
}

interface Running {
  pod: Pod;
  readonly minReadySeconds: number;
  timer?: Cancel;
}

const FIRST_RESTART_SECONDS = 10;
const LAST_RESTART_SECONDS = 300;

/** Runs pods over time: they start, get ready, crash and end as their fate says. */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #pods = new Map<string, Running>();
  readonly #listeners = new Set<(event: PodEvent) => void>();

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  on(listener: (event: PodEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Pods of a namespace by labels; terminating ones last as long as they take to end. */
  list(namespace: string, labels: Readonly<Record<string, string>> = {}): readonly Pod[] {
    return [...this.#pods.values()]
      .map(({ pod }) => pod)
      .filter(pod => pod.namespace === namespace && matchesLabels(pod.labels, labels));
  }

  start(pod: Pod, minReadySeconds: number): void {
    const running: Running = { pod, minReadySeconds };
    this.#pods.set(id(pod), running);
    this.#tell('created', pod);
    this.#begin(running);
  }

  /** Ends a pod; it counts as terminating until it is gone. */
  end(pod: Pod): void {
    const running = this.#pods.get(id(pod));
    if (running === undefined || running.pod.phase === 'Terminating') return;
    this.#becomeUnready(running);
    this.#change(running, { phase: 'Terminating' }, 'terminating');
    this.#later(running, this.#options.terminationSeconds, () => {
      this.#pods.delete(id(pod));
      this.#tell('gone', running.pod);
    });
  }

  /** A pod that is up gets unready, one that starts never gets up, until `heal`. */
  break(pod: Pod): void {
    const running = this.#pods.get(id(pod));
    if (running === undefined || running.pod.phase === 'Terminating') return;
    running.timer?.();
    this.#becomeUnready(running);
  }

  heal(pod: Pod): void {
    const running = this.#pods.get(id(pod));
    if (running === undefined || running.pod.ready) return;
    if (running.pod.phase === 'Pending') this.#begin(running);
    if (running.pod.phase === 'Running') this.#becomeReady(running);
  }

  /** Changes metadata of a pod that is there. */
  relabel(pod: Pod, metadata: Pick<Pod, 'labels' | 'annotations'>): void {
    const running = this.#pods.get(id(pod));
    if (running !== undefined) this.#change(running, metadata, 'relabelled');
  }

  #begin(running: Running): void {
    const fate = this.#options.fates(running.pod);
    if (fate.fate === 'neverReady') {
      this.#later(running, 0, () => this.#started(running));
      return;
    }
    this.#later(running, fate.startupSeconds, () => {
      this.#started(running);
      this.#becomeReady(running);
      if (fate.fate === 'crashLoop') this.#later(running, fate.upSeconds, () => this.#crash(running));
    });
  }

  #started(running: Running): void {
    this.#change(running, { phase: 'Running', startedAt: this.#options.clock.now() }, 'started');
  }

  #crash(running: Running): void {
    this.#becomeUnready(running);
    const restarts = running.pod.restarts + 1;
    running.pod = { ...running.pod, restarts };
    const delay = Math.min(FIRST_RESTART_SECONDS * 2 ** (restarts - 1), LAST_RESTART_SECONDS);
    this.#later(running, delay, () => this.#begin(running));
  }

  #becomeReady(running: Running): void {
    const readySince = this.#options.clock.now();
    this.#change(running, { ready: true, readySince }, 'ready');
    const becomeAvailable = () => {
      if (running.pod.readySince === readySince) this.#change(running, { available: true }, 'available');
    };
    if (running.minReadySeconds === 0) becomeAvailable();
    else this.#options.clock.schedule(running.minReadySeconds * 1000, becomeAvailable);
  }

  #becomeUnready(running: Running): void {
    const { readySince: _, ...pod } = running.pod;
    const wasReady = pod.ready;
    running.pod = { ...pod, ready: false, available: false };
    if (wasReady) this.#tell('unavailable', running.pod);
  }

  #change(running: Running, change: Partial<Pod>, name: PodChange): void {
    running.pod = { ...running.pod, ...change };
    this.#tell(name, running.pod);
  }

  #later(running: Running, seconds: number, task: () => void): void {
    running.timer?.();
    running.timer = this.#options.clock.schedule(seconds * 1000, task);
  }

  #tell(change: PodChange, pod: Pod): void {
    for (const listener of this.#listeners) listener({ change, pod });
  }
}

function id({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
