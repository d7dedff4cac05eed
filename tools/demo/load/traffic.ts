/** Requests of clients while a rollout is shown. */
import { readSpec } from '../../../src/api/readSpec.js';
import type { Spec } from '../../../src/api/spec.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../../src/sandbox/cluster/kinds.js';
import type { LiveMesh } from '../../../src/sandbox/mesh/liveMesh.js';
import type { Measured, Recorder, RequestCounts } from '../../../src/sandbox/mesh/recorder.js';
import { recordRollout } from '../../../src/sandbox/mesh/trafficWatch.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { Stage } from '../stage.js';
import { entryOf } from './entry.js';

/** Recent and total requests. */
export interface TrafficPicture {
  /** Requests per real second. */
  readonly perSecond: number;
  /** Recent requests, by revision. */
  readonly byRevision: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly failures: number;
}

export interface TrafficOutcome {
  readonly total: RequestCounts;
  /** Requests by the weight that was allowed when they were sent. */
  readonly chapters: readonly Measured[];
}

const PER_SECOND = 300;

/** Starts once the first version serves. */
export class Traffic {
  readonly #sandbox: Sandbox;
  readonly #speed: number;
  readonly #recorder: Recorder;
  readonly #stops: (() => void)[];
  #load: ReturnType<LiveMesh['load']> | undefined;

  /** Undefined for a stage without a mesh. */
  static towards(stage: Stage, object: KubeObject): Traffic | undefined {
    return stage.mesh && new Traffic(stage, stage.mesh, object);
  }

  private constructor({ sandbox, tickSeconds }: Stage, mesh: LiveMesh, { metadata }: KubeObject) {
    const key = `${metadata.namespace}/${metadata.name}`;
    this.#sandbox = sandbox;
    this.#speed = tickSeconds * 10;
    const { recorder, stop } = recordRollout(sandbox, key, specOf);
    this.#recorder = recorder;
    const stopWaiting = sandbox.cluster.watch(({ kind, key: written, after }) => {
      if (kind === STORM_SERVICE && written === key && after !== undefined) this.#begin(mesh, after);
    });
    this.#stops = [stop, stopWaiting];
  }

  picture(): TrafficPicture | undefined {
    if (this.#load === undefined) return undefined;
    const { requests, failures } = this.#recorder.total;
    const lately = this.#recorder.since(this.#sandbox.clock.now() - this.#speed * 1000);
    return { perSecond: lately.requests, byRevision: lately.byRevision, requests, failures };
  }

  /** Resolves once every request has a response; undefined if none was sent. */
  async end(): Promise<TrafficOutcome | undefined> {
    for (const stop of this.#stops) stop();
    if (this.#load === undefined) return undefined;
    await this.#load.end();
    return { total: this.#recorder.total, chapters: this.#recorder.chapters };
  }

  #begin(mesh: LiveMesh, object: KubeObject): void {
    const { rolloutStatus } = (object['status'] ?? {}) as { readonly rolloutStatus?: { readonly phase?: string } };
    const spec = specOf(object);
    if (this.#load !== undefined || rolloutStatus?.phase !== 'Healthy' || spec === undefined) return;
    const host = entryOf(spec, object.metadata.namespace ?? '');
    if (host !== undefined) this.#load = mesh.load({ host, perSecond: PER_SECOND, recorder: this.#recorder });
  }
}

function specOf({ metadata, spec }: KubeObject): Spec | undefined {
  const { name, namespace = '' } = metadata;
  const result = readSpec(spec, { name, namespace, applyStrategy: 'dynamic-apply' });
  return result.ok ? result.value : undefined;
}
