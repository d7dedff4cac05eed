/** What a metric may not say, whether it is read in a StormService, in a template or from status: one text for all. */
import { DURATION_FORMS, durationSeconds } from '../../schema/duration.js';
import type { Place } from '../../schema/place.js';
import { show } from '../../schema/show.js';

/** How often a metric is measured and how much of it may be bad, defaults applied. */
export interface Limits {
  /** Absent: 1 without an interval, no end with one. */
  readonly count?: number;
  /** Seconds. */
  readonly interval?: number;
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveSuccessLimit: number;
  readonly failureThreshold?: number;
}

const LONGEST_NAME = 100;
const nameForm = new RegExp(`^\\P{Cc}{1,${LONGEST_NAME}}$`, 'u');

/** The same for the API server. */
export const METRIC_NAME_CHECKS = {
  maxLength: LONGEST_NAME,
  pattern: '^[^\\x00-\\x1f\\x7f-\\x9f]+$',
} as const;

export function checkName(name: unknown, place: Place): name is string {
  if (typeof name === 'string' && nameForm.test(name)) return true;
  place.refuse(`${show(name)} is not a valid metric name`, `use 1 to ${LONGEST_NAME} characters on one line`);
  return false;
}

/** Seconds; what is no duration is refused. */
export function secondsOf(value: unknown, place: Place): number | undefined {
  const seconds = durationSeconds(value);
  if (seconds === undefined) place.refuse(`${show(value)} is not a duration`, DURATION_FORMS);
  return seconds;
}

/** Limits may be texts, as they come out of args. What is no whole number stays as it is, or is NaN as a text. */
export function integerOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return /^(\d+|-[1-9]\d*)$/.test(value) ? Number(value) : Number.NaN;
}

export function refuseWhole(value: unknown, least: number, place: Place): void {
  place.refuse(`${show(value)} is not an integer of at least ${least}`, `use ${Math.max(1, least)} or more`);
}

/** Seconds. */
export function checkInterval(interval: number | undefined, place: Place): void {
  if (interval === 0) place.refuse('interval must not be 0', 'use at least 1s');
}

/** Combinations that could never end, never fail or never succeed (Argo Rollouts refuses nearly the same). */
export function checkLimits(limits: Limits, place: Place): void {
  const { count, interval, failureLimit, consecutiveSuccessLimit, failureThreshold } = limits;
  checkInterval(interval, place.at('interval'));
  if (interval === undefined) checkSingle(limits, place);
  if (failureLimit === -1 && consecutiveSuccessLimit === 0 && failureThreshold === undefined) {
    place
      .at('failureLimit')
      .refuse('with -1 and no consecutiveSuccessLimit the metric can never fail', 'change one of the two limits');
  }
  if (count !== undefined) checkCount({ ...limits, count }, place);
}

/** Without an interval there is one measurement. */
function checkSingle({ count = 1, consecutiveSuccessLimit }: Limits, place: Place): void {
  if (count > 1) {
    place.at('count').refuse(`${count} measurements require an interval`, 'add an interval, for example interval: 1m');
  } else if (consecutiveSuccessLimit > 1) {
    place
      .at('consecutiveSuccessLimit')
      .refuse(
        `${consecutiveSuccessLimit} consecutive successes require an interval`,
        'add an interval, for example interval: 1m',
      );
  }
}

/** A count that is written has to leave room for the limits. */
function checkCount(limits: Limits & { readonly count: number }, place: Place): void {
  const { count, failureLimit, inconclusiveLimit, consecutiveSuccessLimit } = limits;
  const needed = Math.max(failureLimit, 0) + consecutiveSuccessLimit;
  if (count < needed) {
    place
      .at('count')
      .refuse(
        `${count} is too few to reach failureLimit and consecutiveSuccessLimit`,
        `use a count of at least ${needed}`,
      );
  }
  if (count < inconclusiveLimit) {
    place.at('inconclusiveLimit').refuse(`${inconclusiveLimit} exceeds count ${count}`, `use at most ${count}`);
  }
}

/** Whether measuring comes to an end by itself, as it must where a rollout waits for it. */
export function checkEnds(
  name: string,
  { count, interval, consecutiveSuccessLimit }: Pick<Limits, 'count' | 'interval' | 'consecutiveSuccessLimit'>,
  place: Place,
): void {
  if (count !== undefined || interval === undefined || consecutiveSuccessLimit > 0) return;
  place.refuse(
    `metric "${name}" has an interval but no count, so it never ends`,
    'set count, or move the metric to a background analysis (canary.analysis)',
  );
}
