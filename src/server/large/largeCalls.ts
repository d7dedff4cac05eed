import { MessageChannel } from 'node:worker_threads';
import { type Pool, pool } from 'workerpool';
import type { MonotonicClock } from '../../fetch/clock.js';
import type { Analysis } from '../../hook/measure.js';
import type { Settings } from '../../hook/settings.js';
import type { HookName } from '../../metacontroller/readRequest.js';
import type { Replica } from '../peers/replica.js';
import { type LargeAnswer, type LargeCall, METHOD } from './answerLarge.js';
import { serveMeasurements } from './measurements.js';

/** Hook calls whose requests are too large for the thread that responds to everybody else: another one answers them. */
export interface LargeCalls {
  /**
   * Takes the body over; gives it back if another of the replicas is to answer.
   * @throws when the thread ends without a response: its memory or its time is used up
   */
  answer(hook: HookName, body: Buffer, replicas: readonly Replica[]): Promise<LargeAnswer>;
  close(): Promise<void>;
}

export interface LargeCallsOptions {
  /** Path of a module that calls `serveLargeCalls` in a thread. */
  readonly script: string;
  readonly settings: Settings;
  readonly analysis: Analysis;
  readonly clock: MonotonicClock;
}

/** Of the thread, beside that of the process. */
const MAX_HEAP_MIB = 160;
/** Milliseconds for one call: Metacontroller has stopped waiting then. */
const TIME_LIMIT = 15_000;
/** Milliseconds after which an unused thread ends, and with it what it holds of memory. */
const IDLE = 60_000;

export function createLargeCalls({ script, settings, analysis, clock }: LargeCallsOptions): LargeCalls {
  let threads: Pool | undefined;
  let cancelEnd = () => {};

  const end = async () => {
    const ended = threads;
    threads = undefined;
    cancelEnd();
    await ended?.terminate(true);
  };

  return {
    async answer(hook, body, replicas) {
      cancelEnd();
      threads ??= pool(script, {
        maxWorkers: 1,
        workerType: 'thread',
        workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB, maxYoungGenerationSizeMb: 16 } },
      });
      const { port1, port2 } = new MessageChannel();
      serveMeasurements(port1, analysis.fetcher);
      const task: LargeCall = { hook, body: ownBytes(body), settings, waitMs: analysis.waitMs, port: port2, replicas };
      try {
        return await threads.exec(METHOD, [task], { transfer: [task.body.buffer, port2] }).timeout(TIME_LIMIT);
      } finally {
        port1.close();
        cancelEnd = clock.after(IDLE, () => void end());
      }
    },
    close: end,
  };
}

/** Nobody else has a view of them: they are handed over, not copied. */
function ownBytes(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : Uint8Array.from(body);
}
