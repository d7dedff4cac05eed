/** Replicas of the hook as processes of its bundle, and a Service in front of them that takes them in turns. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ObjectKey } from '../../src/sandbox/cluster/objectKey.js';
import { BUNDLE } from '../../tools/build/bundle.js';
import { freePorts } from '../e2e/program.js';

export interface ReplicaProcess {
  readonly port: number;
  /** As if its node had failed. Resolves when it has ended. */
  kill(): Promise<void>;
}

export interface HookService {
  readonly url: string;
  readonly replicas: readonly ReplicaProcess[];
  /** No new requests go to it. */
  remove(replica: ReplicaProcess): void;
  close(): Promise<void>;
}

export interface HookServiceOptions {
  /** With the bundle in it. */
  readonly folder: string;
  readonly replicas: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Ready when each replica has found all of them. */
export async function startHookService({ folder, replicas, env }: HookServiceOptions): Promise<HookService> {
  const ports = await freePorts(replicas);
  const PEERS = ports.map(port => `127.0.0.1:${port}`).join();
  const started = await Promise.all(
    ports.map(port => startReplica(folder, port, { ...env, ...(replicas > 1 && { PEERS }) })),
  );
  const endpoints = new Set(started);
  const balancer = await startBalancer(() => [...endpoints]);
  return {
    url: balancer.url,
    replicas: started,
    remove: replica => void endpoints.delete(replica),
    close: async () => {
      await balancer.close();
      await Promise.all(started.map(({ kill }) => kill()));
    },
  };
}

async function startReplica(
  folder: string,
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<ReplicaProcess> {
  const child = spawn(process.execPath, [join(folder, BUNDLE)], {
    env: { ...env, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const isReady = 'PEERS' in env ? /replicas of the hook, this one included/ : /listening at/;
  for await (const line of createInterface(child.stdout)) if (isReady.test(line)) break;
  if (child.exitCode !== null) throw new Error(`the hook ended with ${child.exitCode}`);
  child.stdout.resume();
  return { port, kill: () => killed(child) };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Each object in turns of its own: whatever is asked while a query is under way comes to every replica. */
async function startBalancer(endpoints: () => readonly ReplicaProcess[]) {
  const turns = new Map<ObjectKey, number>();
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const key = keyOf(body);
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const all = endpoints();
    passOn(incoming, body, all[turn % all.length]!.port, outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

function passOn({ method, url, headers }: IncomingMessage, body: Buffer, port: number, outgoing: ServerResponse): void {
  const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, response => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.on('error', () => outgoing.destroy()).pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy()).end(body);
}

function keyOf(body: Buffer): ObjectKey {
  const { parent, object = parent } = JSON.parse(body.toString('utf8'));
  return `${object.metadata.namespace}/${object.metadata.name}`;
}
