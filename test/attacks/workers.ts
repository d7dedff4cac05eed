import type { Hook } from '../../src/metacontroller/hook.js';

/** Metacontroller's workers: it makes so many calls for its CompositeController at a time, first come, first served. */
export interface Workers {
  /** Resolves with the function that gives the worker back. */
  acquire(): Promise<() => void>;
}

export class LocalWorkers implements Workers {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async acquire(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(turn => this.#line.push(turn));
    return () => this.#release();
  }

  #release(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#free += 1;
  }
}

export async function withWorker<Result>(workers: Workers, work: () => Promise<Result>): Promise<Result> {
  const release = await workers.acquire();
  try {
    return await work();
  } finally {
    release();
  }
}

/** The same hook, called by workers; decorate has others, and is hardly called. */
export function byWorkers(hook: Hook, workers: Workers): Hook {
  return {
    ...hook,
    sync: request => withWorker(workers, () => hook.sync(request)),
    customize: request => withWorker(workers, () => hook.customize(request)),
  };
}
