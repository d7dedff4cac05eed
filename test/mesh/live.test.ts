/** Real requests over real sockets, while rollouts happen: on a clock that runs fast. */
import { afterEach, describe, expect, it } from 'vitest';
import { readSpec } from '../../src/api/readSpec.js';
import { createHook } from '../../src/hook/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { LiveMesh } from '../../src/sandbox/mesh/liveMesh.js';
import type { Recorder } from '../../src/sandbox/mesh/recorder.js';
import { recordRollout } from '../../src/sandbox/mesh/trafficWatch.js';
import { CORE_CHILDREN, createSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { RealClock } from '../../src/sandbox/time/realClock.js';
import { ABORT_ANNOTATION, APPROVE_ANNOTATION } from '../../src/schema/names.js';
import { manifests } from '../manifests.js';

const SPEED = 40;
const PER_SECOND = 400;
/** Seconds of the cluster that a gate is held, so that there is something to count. */
const AT_A_GATE = 36;

interface Status {
  readonly phase?: string;
  readonly updatedRevision?: string;
  readonly stableRevision?: string;
  readonly currentStepIndex?: number;
  readonly canaryWeight?: number;
  readonly abort?: unknown;
  readonly pause?: { readonly until?: string };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A sample that is served and asked for all the time. */
class LiveRollout {
  readonly recorder: Recorder;
  readonly mesh: LiveMesh;
  readonly #sandbox: Sandbox;
  readonly #storm: KubeObject;

  static async deploy(sample: string, host: string): Promise<LiveRollout> {
    const clock = new RealClock(SPEED);
    const hook = createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now());
    const childKinds = [
      ...CORE_CHILDREN,
      { kind: 'HTTPRoute.gateway.networking.k8s.io/v1', method: 'InPlace' as const },
    ];
    const sandbox = createSandbox({ hook, clock, childKinds, startupSeconds: 3, terminationSeconds: 2 });
    open.push(sandbox);
    const mesh = await LiveMesh.open({ source: sandbox });
    open.push(mesh);
    const [storm, ...others] = manifests(`samples/rollout/${sample}`).map(object => ({
      ...object,
      metadata: { namespace: 'default', ...object.metadata },
    }));
    for (const object of [storm, ...others]) await sandbox.apply(object);
    const rollout = new LiveRollout(sandbox, mesh, storm);
    await rollout.until('the first version is Healthy', ({ phase }) => phase === 'Healthy');
    mesh.load({ host, perSecond: PER_SECOND, recorder: rollout.recorder, maxSeconds: 30 });
    return rollout;
  }

  private constructor(sandbox: Sandbox, mesh: LiveMesh, storm: KubeObject) {
    this.#sandbox = sandbox;
    this.mesh = mesh;
    this.#storm = storm;
    const { name, namespace = '' } = storm.metadata;
    this.recorder = recordRollout(sandbox, `${namespace}/${name}`, ({ spec }) => {
      const result = readSpec(spec, { name, namespace, applyStrategy: 'dynamic-apply' });
      return result.ok ? result.value : undefined;
    }).recorder;
  }

  async change(tag: string): Promise<void> {
    const { updatedRevision: before } = this.#status();
    const changed = JSON.stringify(this.#storm).replace(/("image":"[^":]+):[^"]+"/g, `$1:${tag}"`);
    await this.#sandbox.apply(JSON.parse(changed));
    await this.until('the change is seen', ({ updatedRevision }) => updatedRevision !== before);
  }

  /** Holds the gate for a while, then passes it. */
  async approve(): Promise<void> {
    await this.#atGate();
    const { updatedRevision, currentStepIndex } = this.#status();
    await this.#annotate(APPROVE_ANNOTATION, `${updatedRevision}:${currentStepIndex}`);
  }

  async abort(): Promise<void> {
    await this.#atGate();
    await this.#annotate(ABORT_ANNOTATION, 'true');
    await this.until('it is aborted', ({ abort }) => abort !== undefined);
    await this.#sandbox.advance(AT_A_GATE);
  }

  async untilHealthy(): Promise<void> {
    await this.until('it is Healthy', ({ phase }) => phase === 'Healthy');
    await this.#sandbox.advance(AT_A_GATE);
  }

  async until(what: string, holds: (status: Status) => boolean): Promise<void> {
    await this.#sandbox.eventually(what, async () => holds(this.#status()), 200);
  }

  async #atGate(): Promise<void> {
    await this.until('it waits for a person', ({ phase, pause }) => phase === 'Paused' && pause?.until === undefined);
    await this.#sandbox.advance(AT_A_GATE);
  }

  async #annotate(annotation: string, value: string): Promise<void> {
    await this.#sandbox.annotate(this.#storm.metadata.name, annotation, value);
  }

  #status(): Status {
    const { namespace, name } = this.#storm.metadata;
    const object = this.#sandbox.cluster.get(STORM_SERVICE, `${namespace}/${name}`);
    const { rolloutStatus = {} } = (object?.['status'] ?? {}) as { readonly rolloutStatus?: Status };
    return rolloutStatus;
  }
}

/** What went wrong in words, and nothing when every share was right and every request served. */
function complaints({ total, chapters }: Recorder): readonly string[] {
  const shares = chapters.filter(({ verdict }) => verdict !== 'as expected');
  return [
    ...(total.failures === 0 ? [] : [`failures: ${JSON.stringify(total.byCode)}`]),
    ...shares.map(chapter => JSON.stringify(chapter)),
  ];
}

function settledAt({ chapters }: Recorder): readonly (number | undefined)[] {
  return [...new Set(chapters.filter(({ requests }) => requests > 50).map(({ expected }) => expected))];
}

describe('live traffic', { timeout: 20_000 }, () => {
  it('a routed canary that is promoted, and one that is aborted: shares as the steps say, no request fails', async () => {
    const rollout = await LiveRollout.deploy('canary-gateway-api.yaml', 'my-app.example.com');
    await rollout.change('6.7.1');
    await rollout.approve();
    await rollout.untilHealthy();
    await rollout.change('6.7.2');
    await rollout.abort();
    await rollout.mesh.close();
    expect(complaints(rollout.recorder)).toEqual([]);
    expect(settledAt(rollout.recorder)).toEqual(expect.arrayContaining([0, 0.2, 0.4, 1]));
    expect(rollout.recorder.total.requests).toBeGreaterThan(1000);
  });

  it('a blue-green switch, and one that is aborted: no request fails', async () => {
    const rollout = await LiveRollout.deploy('blue-green.yaml', 'blue-green');
    await rollout.change('6.9.1');
    await rollout.approve();
    await rollout.untilHealthy();
    await rollout.change('6.9.2');
    await rollout.abort();
    await rollout.mesh.close();
    expect(complaints(rollout.recorder)).toEqual([]);
    expect(settledAt(rollout.recorder)).toEqual(expect.arrayContaining([0, 1]));
  });

  it('a version that answers errors is seen to', async () => {
    const rollout = await LiveRollout.deploy('canary-gateway-api.yaml', 'my-app.example.com');
    await rollout.change('errors');
    await rollout.abort();
    await rollout.mesh.close();
    const { failures, byCode } = rollout.recorder.total;
    expect(failures).toBeGreaterThan(0);
    expect(byCode).toMatchObject({ 500: failures });
    const atTwenty = rollout.recorder.chapters.find(({ expected }) => expected === 0.2);
    expect(atTwenty).toMatchObject({ verdict: 'as expected', failures: expect.any(Number) });
  });
});
