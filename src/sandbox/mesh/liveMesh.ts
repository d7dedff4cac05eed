import { seededRandom } from '../random.js';
import { ControlPlane, type MeshSource, type Propagation } from './controlPlane.js';
import { Load, type LoadOptions } from './load.js';
import { MeshProxy } from './meshProxy.js';
import { PodServers } from './podServers.js';
import { Telemetry } from './telemetry.js';

export interface LiveMeshOptions {
  /** Made by the caller: a sandbox on a real clock, in which nothing runs yet. */
  readonly source: MeshSource;
  readonly propagation?: Propagation;
  /** Decides which requests go where, within the shares. */
  readonly seed?: number;
}

interface Parts {
  readonly view: ControlPlane;
  readonly pods: PodServers;
  readonly proxy: MeshProxy;
  readonly telemetry: Telemetry;
}

/**
 * Pods as HTTP servers, a proxy before them that follows the sandbox's routes, clients that send requests, and telemetry
 * of how these fare.
 */
export class LiveMesh {
  readonly view: ControlPlane;
  /** Of the proxy. */
  readonly url: string;
  /** Of the telemetry, which knows the requests of all loads. */
  readonly telemetryUrl: string;
  readonly #parts: Parts;
  readonly #loads = new Set<Load>();
  #closed: Promise<void> | undefined;

  /** Resolves once the proxy and the telemetry listen. */
  static async open({ source, propagation, seed = 2 }: LiveMeshOptions): Promise<LiveMesh> {
    const view = new ControlPlane(source, propagation);
    const pods = new PodServers(source.kubelet);
    const proxy = new MeshProxy({ view, pods, random: seededRandom(seed) });
    const telemetry = new Telemetry(() => source.clock.now());
    return new LiveMesh({ view, pods, proxy, telemetry }, await proxy.listen(), await telemetry.listen());
  }

  private constructor(parts: Parts, url: string, telemetryUrl: string) {
    this.view = parts.view;
    this.url = url;
    this.telemetryUrl = telemetryUrl;
    this.#parts = parts;
  }

  /** Starts a stream of requests; it ends with `end()`, at its bounds, or with the mesh. */
  load(options: Omit<LoadOptions, 'url'>): Load {
    const load = new Load({ ...options, url: this.url });
    this.#loads.add(load);
    this.#parts.telemetry.follow(options.recorder);
    return load;
  }

  /** Clients first, then the proxy, then the pods: nothing is cut off. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { view, pods, proxy, telemetry } = this.#parts;
    await Promise.all([...this.#loads].map(load => load.end()));
    await proxy.close();
    await telemetry.close();
    view.close();
    await pods.close();
  }
}
