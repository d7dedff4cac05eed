import Table from 'cli-table3';
import type { Colors } from '../text/colors.js';
import { durationText } from '../text/duration.js';
import { fileName } from '../text/fileName.js';
import { isAsExpected, type Outcome } from './outcome.js';
import { trafficProblem } from './trafficProblem.js';

/** One row per scenario with the expected and the actual outcome. Fits into 80 columns. */
export function summaryTable(outcomes: readonly Outcome[], colors: Colors): string {
  const head = ['', 'Sample', 'Expected', 'Ended', 'Took'].map(colors.bold);
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const outcome of outcomes) {
    const { file, expected, seconds } = outcome;
    const good = isAsExpected(outcome);
    const paint = good ? colors.green : colors.red;
    table.push([paint(good ? '✓' : '✗'), fileName(file), expected.phase, paint(endOf(outcome)), durationText(seconds)]);
  }
  return table.toString();
}

/** One paragraph per unexpected outcome; empty if there is none. */
export function problemsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.filter(outcome => !isAsExpected(outcome)).map(outcome => `${outcome.file}: ${problemOf(outcome)}`);
}

function problemOf({ problem, requests, tolerated, last }: Outcome): string {
  const ofTraffic = requests && trafficProblem(requests, tolerated);
  return problem ?? ofTraffic ?? last?.status.message ?? 'it was never observed';
}

function endOf({ last, problem }: Outcome): string {
  const { phase = 'not observed', abort } = last?.status ?? {};
  if (problem !== undefined) return `${phase}\nnot as expected`;
  return abort?.reason === undefined ? phase : `${phase}\n${abort.reason}`;
}
