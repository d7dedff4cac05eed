/** One set of workers for two processes: there is one Metacontroller, whoever the StormServices belong to. */
import type { ChildProcess } from 'node:child_process';
import type { Workers } from './workers.js';

interface Message {
  readonly worker: 'wanted' | 'granted' | 'free';
  readonly id: number;
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'worker' in message;
}

/** Lends workers to a child process. */
export function lendWorkers(child: ChildProcess, workers: Workers): void {
  const lent = new Map<number, () => void>();
  child.on('message', async message => {
    if (!isMessage(message)) return;
    const { worker, id } = message;
    if (worker === 'wanted') {
      lent.set(id, await workers.acquire());
      if (child.connected) child.send({ worker: 'granted', id });
    } else if (worker === 'free') {
      lent.get(id)?.();
      lent.delete(id);
    }
  });
  child.once('exit', () => {
    for (const release of lent.values()) release();
  });
}

/** The workers that the parent process lends. */
export function borrowedWorkers(): Workers {
  const waiting = new Map<number, () => void>();
  let last = 0;
  process.on('message', message => {
    if (!isMessage(message) || message.worker !== 'granted') return;
    waiting.get(message.id)?.();
    waiting.delete(message.id);
  });
  return {
    acquire: () =>
      new Promise(resolve => {
        last += 1;
        const id = last;
        waiting.set(id, () => resolve(() => void process.send?.({ worker: 'free', id })));
        process.send?.({ worker: 'wanted', id });
      }),
  };
}
