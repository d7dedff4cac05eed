/** Everything that takes part: the hook, good StormServices in a sandbox here, and attackers in a process of their own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { httpHook } from '../../src/sandbox/metacontroller/httpHook.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { RealClock } from '../../src/sandbox/time/realClock.js';
import type { FakeServer } from '../analysis/fakeServer.js';
import type { Report } from './attackers/orders.js';
import { startBundled } from './bundledProcess.js';
import { startGoodServer } from './good/goodServer.js';
import { goodService, type Pace } from './good/goodService.js';
import { isHealthy, type Outcome, rollOutAll } from './good/rollout.js';
import { type HookProcess, startHook } from './hookProcess.js';
import { prioritize } from './priority.js';
import { lendWorkers } from './sharedWorkers.js';
import { type LoopUse, startWatched, type WatchedProcess } from './watchedProcess.js';
import { byWorkers, LocalWorkers, type Workers } from './workers.js';

const LOOPBACK = '127.0.0.0/8';
const READY_SECONDS = 60;
/** As many as docs/metacontroller.md recommends. */
const WORKERS = 20;
const BUSY_AFTER_MS = 15_000;

export interface Arena {
  /** One rollout of every good StormService, and what the event loops were like meanwhile. */
  rollOut(image: string): Promise<Round>;
  /** Lets the attackers in; resolves when all of them are at it. */
  attack(): Promise<void>;
  readonly attackers: readonly Report[];
  close(): Promise<void>;
}

export interface Round {
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
  readonly hook: LoopUse;
  readonly idle: LoopUse;
  readonly attackers: LoopUse;
}

export interface ArenaOptions {
  readonly services: number;
  readonly pace: Pace;
  /** Of each attack's StormServices. */
  readonly share: number;
  /** Whether one Metacontroller calls for all of them, so that attackers fill the queue of the good ones as well. */
  readonly shared?: boolean;
}

export async function openArena({ services, pace, share, shared = false }: ArenaOptions): Promise<Arena> {
  const indexes = Array.from({ length: services }, (_, index) => index);
  const server = await startGoodServer();
  const hook = await startHook(LOOPBACK);
  const idle = startWatched(fileURLToPath(new URL('./idle.mjs', import.meta.url)), { role: 'measured' });
  const attackers = await startBundled(fileURLToPath(new URL('./attackers/main.ts', import.meta.url)), 'attacker');
  prioritize(process.pid, 'measured');
  const workers = new LocalWorkers(WORKERS);
  lendWorkers(attackers.child, workers);
  const reports = latestReports(attackers);
  const sandbox = await goodSandbox(indexes, hook, server, workers, pace);
  const processes = { hook: hook.process, idle, attackers };
  return {
    async rollOut(image) {
      takeAll(processes);
      const startedAt = sandbox.clock.now();
      const outcomes = await rollOutAll(sandbox, indexes, image, 10 * (pace.pauseSeconds + 2 * pace.measurements));
      return { outcomes, seconds: (sandbox.clock.now() - startedAt) / 1000, ...takeAll(processes) };
    },
    async attack() {
      attackers.child.send({
        hook: hook.url,
        hookMetrics: hook.metricsUrl,
        good: server.address,
        share,
        workers: shared ? 'shared' : WORKERS,
        only: '',
      });
      await sleep(BUSY_AFTER_MS);
    },
    get attackers() {
      return reports.latest;
    },
    async close() {
      await attackers.stop();
      await sandbox.close();
      await idle.stop();
      await hook.stop();
      await server.close();
    },
  };
}

async function goodSandbox(
  indexes: readonly number[],
  hook: HookProcess,
  server: FakeServer,
  workers: Workers,
  pace: Pace,
): Promise<Sandbox> {
  const sandbox = createSandbox({
    hook: byWorkers(httpHook({ url: hook.url }), workers),
    clock: new RealClock(),
    startupSeconds: 1,
  });
  for (const index of indexes) await sandbox.apply(goodService(index, server.address, pace));
  const healthy = await sandbox.runUntil(() => indexes.every(index => isHealthy(sandbox, index)), READY_SECONDS);
  if (!healthy) throw new Error(`the good StormServices do not get ready: ${sandbox.log.summary()}`);
  return sandbox;
}

type Processes = Readonly<Record<'hook' | 'idle' | 'attackers', WatchedProcess>>;

function takeAll({ hook, idle, attackers }: Processes): Pick<Round, 'hook' | 'idle' | 'attackers'> {
  for (const { running, output } of [hook, idle, attackers])
    if (!running) throw new Error(`a process has ended:\n${output()}`);
  return { hook: hook.take(), idle: idle.take(), attackers: attackers.take() };
}

function latestReports({ child }: WatchedProcess) {
  const reports: { latest: readonly Report[] } = { latest: [] };
  child.on('message', ({ attackers }: { readonly attackers?: readonly Report[] }) => {
    if (attackers !== undefined) reports.latest = attackers;
  });
  return reports;
}
