import { seededRandom } from '../random.js';
import { ControlPlane, type MeshSource, type Propagation } from './controlPlane.js';
import { Load, type LoadOptions } from './load.js';
import { MeshProxy } from './meshProxy.js';
import { PodServers } from './podServers.js';

export interface LiveMeshOptions {
  /** Made by the caller: a sandbox on a real clock, in which nothing runs yet. */
  readonly source: MeshSource;
  readonly propagation?: Propagation;
  /** Decides which requests go where, within the shares. */
  readonly seed?: number;
}

/** Pods as HTTP servers, a proxy before them that follows the sandbox's routes, and clients that send requests. */
export class LiveMesh {
  readonly view: ControlPlane;
  /** Of the proxy. */
  readonly url: string;
  readonly #pods: PodServers;
  readonly #proxy: MeshProxy;
  readonly #loads = new Set<Load>();
  #closed: Promise<void> | undefined;

  /** Resolves once the proxy listens. */
  static async open({ source, propagation, seed = 2 }: LiveMeshOptions): Promise<LiveMesh> {
    const view = new ControlPlane(source, propagation);
    const pods = new PodServers(source.kubelet);
    const proxy = new MeshProxy({ view, pods, random: seededRandom(seed) });
    return new LiveMesh(view, pods, proxy, await proxy.listen());
  }

  private constructor(view: ControlPlane, pods: PodServers, proxy: MeshProxy, url: string) {
    this.view = view;
    this.url = url;
    this.#pods = pods;
    this.#proxy = proxy;
  }

  /** Starts a stream of requests; it ends with `end()`, at its bounds, or with the mesh. */
  load(options: Omit<LoadOptions, 'url'>): Load {
    const load = new Load({ ...options, url: this.url });
    this.#loads.add(load);
    return load;
  }

  /** Clients first, then the proxy, then the pods: nothing is cut off. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#loads].map(load => load.end()));
    await this.#proxy.close();
    this.view.close();
    await this.#pods.close();
  }
}
