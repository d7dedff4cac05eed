/** Requests of clients during a rollout, as the final summary. */
import Table from 'cli-table3';
import type { Measured } from '../../../src/sandbox/mesh/recorder.js';
import { compareShare } from '../../../src/sandbox/mesh/significance.js';
import type { Colors } from '../text/colors.js';
import { fileName } from '../text/fileName.js';
import { percent } from '../text/percent.js';
import type { Outcome } from './outcome.js';
import { trafficProblem } from './trafficProblem.js';

/** Chapters with fewer requests are not shown: they are moments between two states. */
const TOO_FEW = 30;

/** One row per scenario with requests; '' if there were none. Fits into 80 columns. */
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
    const failed = `${total.failures}${good && total.failures > 0 ? '\nas expected' : ''}`;
    table.push([paint(good ? '✓' : '✗'), fileName(file), total.requests, paint(failed), sharesText(chapters)]);
  }
  return table.length === 0 ? '' : table.toString();
}

/** A sentence for each scenario with expected failures. */
export function toleratedFailures(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ file, requests, tolerated }) => {
    const failures = requests?.total.failures ?? 0;
    if (requests === undefined || failures === 0 || trafficProblem(requests, tolerated) !== undefined) return [];
    const share = percent(failures / requests.total.requests);
    return [`${fileName(file)}: ${failures} errors (${share}), all from the version that was rolled back`];
  });
}

/** A line per weight of the steps with the measured share, such as `step 20 %: 19.7 %`. */
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
