import type { TrafficOutcome } from '../load/traffic.js';
import type { Picture } from '../picture/picture.js';
import type { Expected, Tolerated } from './expectation.js';
import { trafficProblem } from './trafficProblem.js';

/** How a scenario ended. */
export interface Outcome {
  readonly name: string;
  readonly file: string;
  readonly expected: Expected;
  readonly tolerated: Tolerated;
  /** Cluster seconds. */
  readonly seconds: number;
  readonly last?: Picture;
  /** Requests of clients meanwhile. */
  readonly requests?: TrafficOutcome;
  /** What was unexpected, if anything. */
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
