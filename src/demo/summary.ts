import Table from 'cli-table3';
import type { Colors } from './colors.js';
import { durationText } from './duration.js';
import type { Picture } from './picture.js';
import type { Scenario } from './scenario.js';
import type { TrafficOutcome } from './traffic.js';
import { type Tolerated, trafficProblem } from './trafficSummary.js';

/** How a scenario ended. */
export interface Outcome {
  readonly name: string;
  readonly file: string;
  readonly expected: Scenario['expected'];
  readonly tolerated: Tolerated;
  /** Seconds of the cluster. */
  readonly seconds: number;
  readonly last?: Picture;
  /** What clients have seen meanwhile. */
  readonly requests?: TrafficOutcome;
  /** What went otherwise, when something did. */
  readonly problem?: string;
}

export function isAsExpected({ expected, tolerated, last, problem, requests }: Outcome): boolean {
  const status = last?.status;
  if (problem !== undefined || status?.phase !== expected.phase) return false;
  if (requests !== undefined && trafficProblem(requests, tolerated) !== undefined) return false;
  return expected.phase === 'Healthy'
    ? status.stableRevision === status.updatedRevision
    : status.abort?.reason === expected.reason;
}

/** One row per scenario: what was expected, what came. Fits into 80 columns. */
export function summaryTable(outcomes: readonly Outcome[], colors: Colors): string {
  const head = ['', 'Sample', 'Expected', 'Ended', 'Took'].map(colors.bold);
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const outcome of outcomes) {
    const { file, expected, seconds } = outcome;
    const good = isAsExpected(outcome);
    const paint = good ? colors.green : colors.red;
    const name = file.slice(file.lastIndexOf('/') + 1);
    table.push([paint(good ? '✓' : '✗'), name, expected.phase, paint(endOf(outcome)), durationText(seconds)]);
  }
  return table.toString();
}

/** What went otherwise, one paragraph each; empty when nothing did. */
export function problemsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.filter(outcome => !isAsExpected(outcome)).map(outcome => `${outcome.file}: ${problemOf(outcome)}`);
}

function problemOf({ problem, requests, tolerated, last }: Outcome): string {
  const ofTraffic = requests && trafficProblem(requests, tolerated);
  return problem ?? ofTraffic ?? last?.status.message ?? 'nothing was seen of it';
}

function endOf({ last, problem }: Outcome): string {
  const { phase = 'not seen', abort } = last?.status ?? {};
  if (problem !== undefined) return `${phase}\nnot as told`;
  return abort?.reason === undefined ? phase : `${phase}\n${abort.reason}`;
}
