/** Measurements of a sync in another thread: one question to the thread that has the network, one answer. */
import type { MessagePort } from 'node:worker_threads';
import type { MeasureOptions } from '../../fetch/fetcher.js';
import type { MeasurementRequest, Measurements } from '../../fetch/measurement.js';
import type { Analysis } from '../../hook/measure.js';

interface Question {
  readonly requests: readonly MeasurementRequest[];
  readonly options: MeasureOptions;
}

export function serveMeasurements(port: MessagePort, fetcher: Analysis['fetcher']): void {
  port.once('message', async ({ requests, options }: Question) => {
    port.postMessage(await fetcher.measure(requests, options));
  });
}

/** The fetcher at the other end of the port; for one sync. */
export function remoteFetcher(port: MessagePort): Analysis['fetcher'] {
  return {
    measure: (requests, options) =>
      new Promise<Measurements>(resolve => {
        port.once('message', resolve);
        port.postMessage({ requests, options } satisfies Question);
      }),
  };
}
