/** Replicas of the hook in one process, on ports of the loopback interface; each knows of all. */
import { onTestFinished } from 'vitest';
import type { Hook, SyncAnswer } from '../../src/metacontroller/hook.js';
import type { LargeCalls } from '../../src/server/large/largeCalls.js';
import { ManualClock } from '../analysis/manualClock.js';
import { freePorts } from '../e2e/program.js';
import { type StartedServer, type TestServerOptions, testServer } from '../testServer.js';

export interface StartedReplica extends StartedServer {
  /** As status of an answer names it. */
  readonly index: number;
  /** As other replicas name it. */
  readonly id: string;
  stop(): Promise<void>;
}

export interface ReplicasUnderTest extends Omit<TestServerOptions, 'hook'> {
  /** What a replica answers when it answers itself; by default its own index. */
  readonly answer?: (index: number) => Promise<SyncAnswer>;
  /** What answers its large requests. */
  readonly largeCallsOf?: (index: number) => LargeCalls;
  /** Environment by index. */
  readonly envOf?: (index: number) => Readonly<Record<string, string>>;
}

/** They run until the test ends. In each of them something is always to be measured, and time stands still. */
export async function startReplicas(count: number, options: ReplicasUnderTest = {}): Promise<StartedReplica[]> {
  const ports = await freePorts(count);
  const PEERS = ports.map(port => `127.0.0.1:${port}`).join();
  const started = await Promise.all(ports.map((port, index) => startReplica(index, port, PEERS, options)));
  await Promise.all(started.map(({ refreshPeers }) => refreshPeers()));
  return started;
}

async function startReplica(
  index: number,
  port: number,
  PEERS: string,
  {
    answer = answerOf,
    largeCallsOf,
    envOf,
    env,
    network = { clock: new ManualClock() },
    ...options
  }: ReplicasUnderTest,
): Promise<StartedReplica> {
  const sync: Hook['sync'] = async (_, delegate) => (await delegate?.()) ?? answer(index);
  const server = testServer({
    ...options,
    ...(largeCallsOf && { largeCalls: largeCallsOf(index) }),
    network,
    hook: { sync },
    env: { ...env, ...envOf?.(index), PORT: `${port}`, PEERS },
  });
  const stop = () => server.app.close();
  onTestFinished(stop);
  return { ...server, url: await server.listen(), index, id: `127.0.0.1:${port}`, stop };
}

/** Names the replica that answered. */
export async function answerOf(index: number): Promise<SyncAnswer> {
  return { status: { by: index }, children: [] };
}
