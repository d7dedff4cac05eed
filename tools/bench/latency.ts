import { performance } from 'node:perf_hooks';
import { Agent, request } from 'undici';

/** Milliseconds per call. */
export interface Latency {
  readonly median: number;
  readonly p99: number;
}

/**
 * Calls several paths of one server in turn, one call at a time over one connection, so that whatever slows the machine
 * down meanwhile slows all of them down.
 */
export async function measureLatency<Path extends string>(
  url: string,
  paths: readonly Path[],
  body: string,
  calls: number,
): Promise<Readonly<Record<Path, Latency>>> {
  const dispatcher = new Agent({ connections: 1 });
  const times = new Map<Path, number[]>(paths.map(path => [path, []]));
  const warmUp = Math.ceil(calls / 10);
  for (let call = -warmUp; call < calls; call++) {
    for (const path of paths) {
      const time = await timeCall(`${url}${path}`, body, dispatcher);
      if (call >= 0) times.get(path)?.push(time);
    }
  }
  await dispatcher.close();
  return Object.fromEntries([...times].map(([path, values]) => [path, summarize(values)])) as Record<Path, Latency>;
}

async function timeCall(url: string, body: string, dispatcher: Agent): Promise<number> {
  const start = performance.now();
  const answer = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await answer.body.text();
  const time = performance.now() - start;
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
  return time;
}

function summarize(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
