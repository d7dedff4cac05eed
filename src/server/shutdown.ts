import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.js';

export interface Lifecycle {
  /** Shutting down: not ready, and every response closes its connection so that the client moves to another replica. */
  draining: boolean;
}

/** Sends clients away, waits until the pod has left the endpoints, then closes; `cut` if the grace period expired. */
export async function shutdown(
  app: FastifyInstance,
  lifecycle: Lifecycle,
  { delay, grace }: Config['shutdown'],
): Promise<'finished' | 'cut'> {
  lifecycle.draining = true;
  // The listening server keeps the process alive, not this timer.
  await pause(delay, undefined, { ref: false });
  let result: 'finished' | 'cut' = 'finished';
  const timer = setTimeout(() => {
    result = 'cut';
    app.server.closeAllConnections();
  }, grace);
  await app.close();
  clearTimeout(timer);
  return result;
}
