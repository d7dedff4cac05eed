/**
 * `node --import ./probe.mjs program.js`: tells the parent process how late the event loop of the program is, without a
 * change to the program. On Linux the time that the process waited for a processor is told apart: a delay less that wait
 * is its own.
 */
import { openSync, readSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const TICK_MS = 5;
const REPORT_MS = 100;

const schedule = openSchedule();
const buffer = Buffer.alloc(64);
let last = { at: performance.now(), ...scheduled() };
let report = empty();
let reportedAt = last.at;

// Threads of the program load this file as well.
if (isMainThread) watch();

function watch() {
  setInterval(tick, TICK_MS).unref();
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) report.gcMs = Math.max(report.gcMs, duration);
  }).observe({ entryTypes: ['gc'] });
  process.channel?.unref();
}

function tick() {
  const at = performance.now();
  const { waitedMs, ranMs } = scheduled();
  const delayMs = Math.max(0, at - last.at - TICK_MS);
  const ownMs = Math.max(0, delayMs - (waitedMs - last.waitedMs));
  report.delayMs = Math.max(report.delayMs, delayMs);
  report.ownMs = Math.max(report.ownMs, ownMs);
  report.ranMs += ranMs - last.ranMs;
  report.waitedMs += waitedMs - last.waitedMs;
  last = { at, waitedMs, ranMs };
  if (at - reportedAt < REPORT_MS) return;
  reportedAt = at;
  process.send?.({ loop: { ...report, rssBytes: process.memoryUsage.rss() } }, () => undefined);
  report = empty();
}

function empty() {
  return { delayMs: 0, ownMs: 0, ranMs: 0, waitedMs: 0, gcMs: 0 };
}

/** Of the main thread since its start. Without the kernel's account every delay counts as its own. */
function scheduled() {
  if (schedule === undefined) return { ranMs: performance.eventLoopUtilization().active, waitedMs: 0 };
  const length = readSync(schedule, buffer, 0, buffer.length, 0);
  const [ran, waited] = buffer.latin1Slice(0, length).split(' ');
  return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
}

function openSchedule() {
  try {
    return openSync('/proc/self/schedstat');
  } catch {
    return undefined;
  }
}
