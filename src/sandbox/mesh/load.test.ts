import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { Load } from './load.js';
import { closeWhenIdle, listenOnLoopback } from './loopback.js';
import { Recorder } from './recorder.js';

it('asks what is slow less: requests do not pile up until the last one is too late', { timeout: 30_000 }, async () => {
  let [open, most] = [0, 0];
  const server = createServer((_, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end();
    }, 100);
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const recorder = new Recorder(() => 0);
  const load = new Load({ url, host: 'slow', perSecond: 5000, recorder });
  await expect.poll(() => recorder.total.requests, { timeout: 20_000 }).toBeGreaterThan(100);
  await load.end();
  await closeWhenIdle(server);
  expect(most).toBeLessThanOrEqual(32);
  expect(recorder.total.failures).toBe(0);
});
