/**
 * Whole rollouts that a real Prometheus decides: pods answer real requests, Prometheus scrapes them, the hook asks it.
 * A good version promotes itself; one whose errors begin with its third step is rolled back.
 */

import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Counter, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowList } from '../src/fetch/allowList.js';
import { createFetcher, type Fetcher } from '../src/fetch/fetcher.js';
import { createHook } from '../src/hook/hook.js';
import type { SyncAnswer } from '../src/metacontroller/hook.js';
import { STORM_SERVICE } from '../src/sandbox/cluster/kinds.js';
import type { Pod } from '../src/sandbox/cluster/pod.js';
import { ControlPlane } from '../src/sandbox/mesh/controlPlane.js';
import { Load } from '../src/sandbox/mesh/load.js';
import { MeshProxy } from '../src/sandbox/mesh/meshProxy.js';
import { Recorder } from '../src/sandbox/mesh/recorder.js';
import { seededRandom } from '../src/sandbox/random.js';
import { CORE_CHILDREN, createSandbox, type Sandbox } from '../src/sandbox/sandbox.js';
import { RealClock } from '../src/sandbox/time/realClock.js';
import { REVISION_LABEL } from '../src/schema/names.js';
import { isInstalled, type RealPrometheus, startPrometheus, tellIfMissing } from './analysis/realPrometheus.js';
import { untilPromoted } from './rollouts/analysis/measured.js';
import { abortOf, type RunView } from './rollouts/analysis/runs.js';
import { rolloutOf, stormService, untilPhase } from './rollouts/world.js';

const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha1';
const PER_SECOND = 120;
/** 0-based: the third step. */
const FAILS_FROM = 2;

tellIfMissing('test/prometheusRollout.test.ts');

/** The share of good answers; a revision that nobody has asked yet has none. */
const RATE = (codes: string) => `sum(rate(http_requests_total{revision="{{args.revision}}"${codes}}[2s]))`;

const spec = (address: string) => ({
  replicas: 4,
  rolloutStrategy: {
    canary: {
      trafficRouting: { smi: {}, settleSeconds: 0 },
      scaleDownDelaySeconds: 1,
      abortScaleDownDelaySeconds: 1,
      steps: [
        { setWeight: 25 },
        { pause: { duration: '1s' } },
        { setWeight: 50 },
        { pause: { duration: '4s' } },
        { setWeight: 75 },
      ],
      analysis: {
        args: [{ name: 'revision', valueFrom: { podTemplateHashValue: 'Latest' } }],
        metrics: [
          {
            name: 'success-rate',
            interval: '1s',
            successCondition: 'size(result) == 0 || isNaN(result[0]) || result[0] >= 0.9',
            provider: { prometheus: { address, query: `${RATE(',code="200"')} / ${RATE('')}` } },
          },
        ],
      },
    },
  },
});

/** Pods as small HTTP servers that count what they answer; Prometheus finds them in a file. */
class ScrapedPods {
  readonly #servers = new Map<string, Server>();
  readonly #file: string;
  readonly #fails: (pod: Pod) => boolean;

  constructor(file: string, fails: (pod: Pod) => boolean) {
    this.#file = file;
    this.#fails = fails;
    this.#write();
  }

  follow(sandbox: Sandbox): void {
    sandbox.kubelet.on(({ change, pod }) => {
      if (change === 'created') this.#start(pod);
      if (change === 'gone') this.#end(pod.name);
    });
  }

  portOf({ name }: Pod): number | undefined {
    return (this.#servers.get(name)?.address() as AddressInfo | null | undefined)?.port;
  }

  close(): void {
    for (const name of [...this.#servers.keys()]) this.#end(name);
  }

  #start(pod: Pod): void {
    const registers = new Registry();
    const requests = new Counter({
      name: 'http_requests_total',
      help: 'Answers by code.',
      labelNames: ['code', 'revision'],
      registers: [registers],
    });
    const revision = pod.labels[REVISION_LABEL] ?? '';
    // Prometheus sees an increase only of what it has seen before.
    for (const code of ['200', '500']) requests.inc({ code, revision }, 0);
    const server = createServer(async ({ url }, response) => {
      if (url === '/metrics') {
        response.setHeader('content-type', registers.contentType).end(await registers.metrics());
        return;
      }
      const code = this.#fails(pod) ? 500 : 200;
      requests.inc({ code: String(code), revision });
      response.writeHead(code, { 'x-revision': revision }).end();
    });
    this.#servers.set(pod.name, server);
    server.listen(0, '127.0.0.1', () => this.#write());
  }

  #end(name: string): void {
    this.#servers.get(name)?.close();
    this.#servers.get(name)?.closeAllConnections();
    this.#servers.delete(name);
    this.#write();
  }

  #write(): void {
    const ports = Array.from(this.#servers.values(), server => (server.address() as AddressInfo | null)?.port);
    const targets = ports.filter(port => port !== undefined).map(port => `127.0.0.1:${port}`);
    writeFileSync(this.#file, JSON.stringify([{ targets }]));
  }
}

describe.skipIf(!isInstalled)('a rollout that a real Prometheus decides', () => {
  let prometheus: RealPrometheus;
  let fetcher: Fetcher;
  let sandbox: Sandbox;
  let pods: ScrapedPods;
  let proxy: MeshProxy;
  let view: ControlPlane;
  let load: Load;

  const step = () => {
    const { rolloutStatus } = (sandbox.cluster.get(STORM_SERVICE, 'default/my-app')?.['status'] ?? {}) as {
      rolloutStatus?: { currentStepIndex?: number };
    };
    return rolloutStatus?.currentStepIndex ?? 0;
  };
  const isWrong = (pod: Pod) => JSON.stringify(pod.spec).includes('app:wrong');

  beforeAll(async () => {
    prometheus = await startPrometheus({
      files: directory => ({
        'pods.json': '[]',
        'prometheus.yml': `scrape_configs: [{job_name: pods, scrape_interval: 200ms, scrape_timeout: 200ms, file_sd_configs: [{files: ['${directory}/pods.json'], refresh_interval: 500ms}]}]\n`,
      }),
    });
    const allowed = parseAllowList('127.0.0.1');
    if (!allowed.ok) throw new Error(allowed.problem);
    fetcher = createFetcher({ settings: { allow: allowed.list } });
    const clock = new RealClock();
    const hook = createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now(), { fetcher, waitMs: 1000 });
    const childKinds = [...CORE_CHILDREN, { kind: SPLIT, method: 'InPlace' as const }];
    sandbox = createSandbox({ hook, clock, childKinds, startupSeconds: 0.3, terminationSeconds: 0.3 });
    pods = new ScrapedPods(join(prometheus.directory, 'pods.json'), pod => isWrong(pod) && step() >= FAILS_FROM);
    pods.follow(sandbox);
    view = new ControlPlane(sandbox);
    proxy = new MeshProxy({ view, pods, random: seededRandom(1) });
    const url = await proxy.listen();
    await sandbox.apply(stormService(spec(`http://127.0.0.1:${prometheus.port}`)));
    await untilPhase(sandbox, 'Healthy', 20);
    load = new Load({ url, host: 'my-app', perSecond: PER_SECOND, recorder: new Recorder(() => clock.now()) });
  }, 30_000);

  afterAll(async () => {
    await load?.end();
    await proxy?.close();
    view?.close();
    pods?.close();
    await sandbox?.close();
    await fetcher?.close();
    await prometheus?.stop();
  });

  it('a good version promotes itself', async () => {
    await sandbox.setImage('my-app', 'web', 'app:good');
    await untilPromoted(sandbox, 'app:good', 40);
    const { analysisRuns } = (sandbox.cluster.get(STORM_SERVICE, 'default/my-app')?.['status'] ?? {}) as {
      analysisRuns: readonly RunView[];
    };
    const [{ metrics }] = analysisRuns as readonly [RunView];
    expect(metrics[0]).toMatchObject({ successful: expect.any(Number), measurements: expect.any(Array) });
    expect(metrics[0]?.['failed']).toBeUndefined();
    expect(metrics[0]?.measurements.some(({ value }) => value === '[1]')).toBe(true);
  }, 45_000);

  it('a version whose errors begin with its third step is rolled back in the sync that reads the number', async () => {
    let weights: readonly (number | undefined)[] = [];
    let deciding: { readonly before: unknown; readonly answer: SyncAnswer } | undefined;
    sandbox.on(event => {
      if (event.type !== 'sync' || deciding !== undefined) return;
      const { answer, request } = event.sync;
      const { rolloutStatus } = (answer?.status ?? {}) as {
        rolloutStatus?: { abort?: unknown; canaryWeight?: number };
      };
      weights = [...weights, rolloutStatus?.canaryWeight];
      if (answer && rolloutStatus?.abort) deciding = { before: request?.parent['status'], answer };
    });
    await sandbox.setImage('my-app', 'web', 'app:wrong');
    await untilPhase(sandbox, 'Degraded', 30);

    expect(weights).toContain(50);
    expect(weights.at(-1)).toBe(0);
    expect(weights).not.toContain(75);
    expect(await abortOf(sandbox)).toMatchObject({
      reason: 'AnalysisFailed',
      message: expect.stringMatching(/^metric "success-rate" Failed: .* last value \[0(\.\d+)?\]$/),
    });
    // Status before that sync had no failure in it: the number came with the sync itself.
    expect(JSON.stringify(deciding?.before)).not.toContain('"failed"');
    const split = deciding?.answer.children.find(({ kind }) => kind === 'TrafficSplit');
    const { backends = [] } = (split?.['spec'] ?? {}) as { backends?: readonly { service: string; weight: string }[] };
    expect(backends.map(({ service }) => service)).toContain('my-app-stable');
    const canary = backends.filter(({ service }) => service === 'my-app-canary').map(({ weight }) => weight);
    expect(canary.every(weight => Number.parseInt(String(weight), 10) === 0)).toBe(true);
    await sandbox.eventually('the pods go', async () => !(await sandbox.pods()).some(isWrong), 10);
    expect((await rolloutOf(sandbox)).phase).toBe('Degraded');
  }, 45_000);
});
