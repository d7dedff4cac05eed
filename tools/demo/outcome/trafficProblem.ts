import { isFailure } from '../../../src/sandbox/mesh/recorder.js';
import type { TrafficOutcome } from '../load/traffic.js';
import { percent } from '../text/percent.js';
import type { Tolerated } from './expectation.js';

/** A violated guarantee: a failed request, or a share that chance does not explain. */
export function trafficProblem({ total, chapters }: TrafficOutcome, tolerated: Tolerated): string | undefined {
  const own = tolerated === 'none' ? 0 : failuresOfLast({ total, chapters });
  if (total.failures > own) {
    const failed = Object.entries(total.byCode).filter(([code]) => isFailure({ code: Number(code) }));
    const codes = failed.map(([code, count]) => `${count} × ${code === '0' ? 'no response' : code}`);
    const besides = own === 0 ? '' : `, ${own} of them from the new version`;
    return `${total.failures} of ${total.requests} requests failed: ${codes.join(', ')}${besides}`;
  }
  const wrong = chapters.find(({ verdict }) => verdict !== 'as expected');
  if (wrong === undefined) return undefined;
  const { title, share, expected, atMost, requests, verdict } = wrong;
  const right = verdict === 'too many' ? `at most ${percent(atMost)}` : percent(expected ?? atMost);
  return `${title}: the new revision got ${percent(share)} of ${requests} requests, ${verdict}: expected ${right}`;
}

/** Failures of the revision that was rolled out last. Its share is compared with the steps like any other. */
function failuresOfLast({ total, chapters }: TrafficOutcome): number {
  return total.failuresByRevision[chapters.at(-1)?.revision ?? ''] ?? 0;
}
