/** What clients have seen of a rollout, in the end. */
import Table from 'cli-table3';
import { isFailure, type Measured } from '../sandbox/mesh/recorder.js';
import { compareShare } from '../sandbox/mesh/significance.js';
import type { Colors } from './colors.js';
import type { Outcome } from './summary.js';
import type { TrafficOutcome } from './traffic.js';

/** Shares of less than that are not shown: a moment between two states. */
const TOO_FEW = 30;

/** Failures that clients may see: none, or what pods of the last revision answer for as long as they get requests. */
export type Tolerated = 'none' | 'errors of the new version';

/** What a promise does not allow: a request that failed, a share that no chance explains. */
export function trafficProblem({ total, chapters }: TrafficOutcome, tolerated: Tolerated): string | undefined {
  const own = tolerated === 'none' ? 0 : failuresOfLast({ total, chapters });
  if (total.failures > own) {
    const failed = Object.entries(total.byCode).filter(([code]) => isFailure({ code: Number(code) }));
    const codes = failed.map(([code, count]) => `${count} × ${code === '0' ? 'no answer' : code}`);
    const besides = own === 0 ? '' : `, ${own} of them answered by the new version`;
    return `${total.failures} of ${total.requests} requests failed: ${codes.join(', ')}${besides}`;
  }
  const wrong = chapters.find(({ verdict }) => verdict !== 'as expected');
  if (wrong === undefined) return undefined;
  const { title, share, expected, atMost, requests, verdict } = wrong;
  const right = verdict === 'too many' ? `at most ${percent(atMost)}` : percent(expected ?? atMost);
  return `${title}: the new revision had ${percent(share)} of ${requests} requests, ${verdict}: ${right} is right`;
}

/** One row per scenario with requests; '' when there was none. Fits into 80 columns. */
export function trafficTable(outcomes: readonly Outcome[], colors: Colors): string {
  const head = ['', 'Sample', 'Requests', 'Failed', 'To the new revision'].map(colors.bold);
  const table = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'right'],
  });
  for (const { file, requests, tolerated } of outcomes) {
    if (requests === undefined) continue;
    const { total, chapters } = requests;
    const good = trafficProblem(requests, tolerated) === undefined;
    const paint = good ? colors.green : colors.red;
    const failed = `${total.failures}${good && total.failures > 0 ? '\nas told' : ''}`;
    table.push([paint(good ? '✓' : '✗'), fileName(file), total.requests, paint(failed), sharesText(chapters)]);
  }
  return table.length === 0 ? '' : table.toString();
}

/** A sentence for each scenario in which requests failed as they had to. */
export function toleratedFailures(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ file, requests, tolerated }) => {
    const failures = requests?.total.failures ?? 0;
    if (requests === undefined || failures === 0 || trafficProblem(requests, tolerated) !== undefined) return [];
    const share = percent(failures / requests.total.requests);
    return [`${fileName(file)}: ${failures} errors (${share}), all of the version that was taken back`];
  });
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Of the revision that was rolled out last. Its share is held against the steps like any other's. */
function failuresOfLast({ total, chapters }: TrafficOutcome): number {
  return total.failuresByRevision[chapters.at(-1)?.revision ?? ''] ?? 0;
}

/** `20 %: 19.7` a line for each share that the steps had, with what was measured. */
function sharesText(chapters: readonly Measured[]): string {
  const settled = chapters.flatMap(chapter =>
    chapter.expected === undefined ? [] : [{ ...chapter, expected: chapter.expected }],
  );
  const shares = [...new Set(settled.map(({ expected }) => expected))].sort((a, b) => a - b);
  const lines = shares.flatMap(expected => {
    const there = settled.filter(chapter => chapter.expected === expected);
    const requests = there.reduce((sum, chapter) => sum + chapter.requests, 0);
    const fresh = there.reduce((sum, { byRevision, revision }) => sum + (byRevision[revision] ?? 0), 0);
    if (requests < TOO_FEW) return [];
    const verdict = compareShare(fresh, requests, expected);
    return [
      `step ${percent(expected)}: ${percent(fresh / requests)}${verdict === 'as expected' ? '' : `, ${verdict}`}`,
    ];
  });
  return lines.join('\n');
}

/** One decimal, none where it would be 0. */
function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
