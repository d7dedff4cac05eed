/** A Node.js process whose event loop is watched from inside, by probe.mjs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { prioritize, type Role } from './priority.js';

const PROBE = fileURLToPath(new URL('./probe.mjs', import.meta.url));
const GRACE_MS = 10_000;
const SHOWN_LINES = 20;

/** What the probe has seen in some time. */
export interface LoopUse {
  /** How late the loop was at most. */
  readonly delayMs: number;
  /** The same without the time in which the process waited for a processor. */
  readonly ownMs: number;
  /** Processor time of the main thread. */
  readonly ranMs: number;
  /** Time for which the main thread waited for a processor. */
  readonly waitedMs: number;
  /** The longest garbage collection. */
  readonly gcMs: number;
  readonly rssBytes: number;
}

export interface WatchedProcess {
  readonly child: ChildProcess;
  readonly running: boolean;
  /** What the probe has seen since the last `take`. */
  take(): LoopUse;
  /** The end of its output. */
  output(): string;
  /** Resolves when a line of its output has the text. @throws Error when the process ends before. */
  says(text: string): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchedOptions {
  readonly role: Role;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const NOTHING: LoopUse = { delayMs: 0, ownMs: 0, ranMs: 0, waitedMs: 0, gcMs: 0, rssBytes: 0 };

export function startWatched(program: string, { role, flags = [], env = {} }: WatchedOptions): WatchedProcess {
  const child = spawn(process.execPath, [...flags, '--import', PROBE, program], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], ...env },
  });
  if (child.pid !== undefined) prioritize(child.pid, role);
  let seen = NOTHING;
  child.on('message', ({ loop }: { readonly loop?: LoopUse }) => {
    if (loop !== undefined) seen = together(seen, loop);
  });
  const lines = linesOf(child);
  return {
    child,
    get running() {
      return isRunning(child);
    },
    take() {
      const taken = seen;
      seen = NOTHING;
      return taken;
    },
    output: () => lines.last.join('\n'),
    says: lines.says,
    stop: () => stop(child),
  };
}

function together(a: LoopUse, b: LoopUse): LoopUse {
  return {
    delayMs: Math.max(a.delayMs, b.delayMs),
    ownMs: Math.max(a.ownMs, b.ownMs),
    ranMs: a.ranMs + b.ranMs,
    waitedMs: a.waitedMs + b.waitedMs,
    gcMs: Math.max(a.gcMs, b.gcMs),
    rssBytes: Math.max(a.rssBytes, b.rssBytes),
  };
}

/** Its output is read all the time: a pipe that is full would hold it up. */
function linesOf(child: ChildProcess) {
  const last: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const complete = `${rest}${text}`.split('\n');
      rest = complete.pop() ?? '';
      for (const line of complete) {
        last.push(line);
        for (const listener of listeners) listener(line);
      }
      last.splice(0, last.length - SHOWN_LINES);
    });
  }
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const listener = (line: string) => {
        if (!line.includes(text)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      child.once('exit', () => reject(new Error(`it has ended and did not say "${text}":\n${last.join('\n')}`)));
      child.once('error', reject);
    });
  return { last, says };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended;
  clearTimeout(kill);
}
