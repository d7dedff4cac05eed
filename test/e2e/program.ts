import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const GRACE_MS = 10_000;
const SHOWN_LINES = 20;

/** A process of the control plane, its output in a file. */
export interface Program {
  /** Waits until it answers. @throws Error with the end of its output when it ends or takes too long. */
  ready(answers: () => Promise<boolean>, withinSeconds: number): Promise<void>;
  stop(): Promise<void>;
}

export function startProgram(name: string, path: string, args: readonly string[], logFile: string): Program {
  const output = openSync(logFile, 'w');
  const child = spawn(path, args, { stdio: ['ignore', output, output] });
  closeSync(output);
  let failure: Error | undefined;
  child.once('error', error => {
    failure = error;
  });
  const complaint = (what: string) => new Error(`${name} ${what}\n${endOf(logFile)}`, { cause: failure });
  return {
    async ready(answers, withinSeconds) {
      const deadline = Date.now() + withinSeconds * 1000;
      while (!(await answers().catch(() => false))) {
        if (failure || hasEnded(child)) throw complaint('has ended');
        if (Date.now() > deadline) throw complaint(`does not answer after ${withinSeconds} s`);
        await sleep(POLL_MS);
      }
    },
    async stop() {
      if (failure || hasEnded(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Ports of the loopback interface that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map(server => once(server, 'listening')));
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(closed => server.close(closed))));
  return ports;
}

/** Whether an address of the loopback interface answers with 200. */
export async function answersOk(url: string): Promise<boolean> {
  return (await fetch(url)).status === 200;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
