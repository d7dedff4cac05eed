/**
 * `npm run bench`: what a /sync costs beside a route that only echoes, in the same run, and whether memory stays flat.
 * Run from the root of the project; it takes some minutes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createHook } from '../../src/hook/hook.js';
import { createServer } from '../../src/server/app.js';
import { readConfig } from '../../src/server/config.js';
import { createLogger } from '../../src/server/log.js';
import { createMetrics } from '../../src/server/metrics.js';
import { costOfUpdate } from './calls.js';
import { measureLatency } from './latency.js';
import { soak } from './memory.js';

const fixtures = 'test/fixtures';
const config = readConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn' });
const server = createServer({
  hook: createHook({ applyStrategy: config.applyStrategy }, Date.now),
  config,
  logger: createLogger(config.logLevel),
  metrics: createMetrics({ ...config.metrics, now: Date.now, version: 'bench' }),
});
server.app.post('/echo', async ({ body }) => body);
const url = await server.listen();

print('Latency in ms, 2000 calls each, one at a time');
for (const file of readdirSync(fixtures).filter(name => name.startsWith('sync-'))) {
  const body = readFileSync(`${fixtures}/${file}`, 'utf8');
  const { '/sync': sync, '/echo': echo } = await measureLatency(url, ['/sync', '/echo'], body, 2000);
  print(
    `${file.padEnd(28)} sync ${show(sync)}   echo ${show(echo)}   ratio of medians ${(sync.median / echo.median).toFixed(2)}`,
  );
}

print('Calls and writes per update in the sandbox, 5 pods, steps of 20, 50 and 100 %');
for (const applyStrategy of ['dynamic-apply', 'server-side-apply'] as const) {
  const { syncs, decorates, replicaSetWrites, statusWrites, writes } = await costOfUpdate({ seed: 1, applyStrategy });
  print(
    `${applyStrategy.padEnd(28)} syncs ${syncs}   decorates ${decorates}   writes ${writes} (ReplicaSets ${replicaSetWrites}, status ${statusWrites})`,
  );
}

print('Memory in MiB, 100,000 calls over 1,000 StormServices');
const request = JSON.parse(readFileSync(`${fixtures}/sync-canary-available.json`, 'utf8'));
for await (const { calls, heap, rss } of soak(server.app, request, {
  calls: 100_000,
  stormServices: 1000,
  samples: 11,
})) {
  print(`${String(calls).padStart(7)} calls   heap ${heap.toFixed(1)}   rss ${rss.toFixed(1)}`);
}
await server.shutdown();

function show({ median, p99 }: { readonly median: number; readonly p99: number }): string {
  return `median ${median.toFixed(2)} p99 ${p99.toFixed(2)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
