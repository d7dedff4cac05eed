import type { Pod } from '../cluster/pod.js';
import type { Kubelet, PodEvent } from '../controllers/kubelet.js';
import { PodServer } from './podServer.js';

/**
 * A server for every pod, from before it is ready, as a readiness probe would have it, until it is gone. A pod that ends
 * has left the endpoints before: what reaches it meanwhile was on its way already.
 */
export class PodServers {
  readonly #servers = new Map<string, PodServer>();
  readonly #closing = new Set<Promise<void>>();
  readonly #stop: () => void;

  constructor(kubelet: Kubelet) {
    this.#stop = kubelet.on(event => this.#follow(event));
  }

  /** Where a pod listens; undefined when it does not. */
  portOf(pod: Pod): number | undefined {
    return this.#servers.get(key(pod))?.port;
  }

  async close(): Promise<void> {
    this.#stop();
    for (const server of this.#servers.values()) this.#end(server);
    this.#servers.clear();
    await Promise.all(this.#closing);
  }

  #follow({ change, pod }: PodEvent): void {
    const server = this.#servers.get(key(pod));
    if (change === 'created') this.#start(pod);
    if (change !== 'gone' || server === undefined) return;
    this.#servers.delete(key(pod));
    this.#end(server);
  }

  #start(pod: Pod): void {
    const server = new PodServer(pod);
    this.#servers.set(key(pod), server);
    // A pod that cannot listen has no port: requests to it fail and are counted.
    server.listen().catch(() => this.#servers.delete(key(pod)));
  }

  #end(server: PodServer): void {
    const closed = server.close().then(() => void this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}

function key({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
