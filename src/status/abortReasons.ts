/** Why a rollout is aborted: one row per reason. A reason needs a row to be an AbortReason. */
interface AbortRow {
  /** For docs/status.md. */
  readonly happened: string;
  /** An example of its message in status. */
  readonly example: string;
}

export const ABORT_REASONS = {
  AbortedByAnnotation: {
    happened: 'Somebody set `aibrix.io/rollout-abort`; `abort.by` has the field manager.',
    example: 'aborted by the annotation aibrix.io/rollout-abort',
  },
  ProgressDeadlineExceeded: {
    happened: 'No progress for `progressDeadlineSeconds`, and `progressDeadlineAbort` is true.',
    example: 'no progress for 600 s',
  },
  RolloutTimeout: {
    happened: 'It took longer than `autoRollback.onTimeout`.',
    example: 'the rollout took longer than autoRollback.onTimeout (3600 s)',
  },
  AnalysisFailed: {
    happened: 'A metric exceeded its failureLimit.',
    example: 'metric "errors" Failed: failed (1) > failureLimit (0), last value 0.07',
  },
  AnalysisError: {
    happened: 'A metric exceeded its consecutiveErrorLimit.',
    example:
      'metric "errors" Error: consecutive errors (5) > consecutiveErrorLimit (4): the metrics system did not respond',
  },
  HealthCheckFailed: {
    happened: 'A health check of `autoRollback` failed.',
    example: 'metric "health" Failed: 3 consecutive failures, last value 503',
  },
  ErrorThresholdExceeded: {
    happened: 'More measurements failed or returned errors than `autoRollback.onFailure.errorThreshold` allows.',
    example:
      '3 of 20 measurements failed or returned errors, errorThreshold is 10%; last result of metric "errors": 0.07',
  },
} as const satisfies Readonly<Record<string, AbortRow>>;

export type AbortReason = keyof typeof ABORT_REASONS;

/** A reason from another release, kept as recorded. */
export type UnknownAbortReason = string & { readonly unlisted: never };

/** Every recorded reason is kept, including one from another release or edited by a person. */
export function readAbortReason(recorded: string): AbortReason | UnknownAbortReason {
  return isKnown(recorded) ? recorded : (recorded as UnknownAbortReason);
}

function isKnown(reason: string): reason is AbortReason {
  return Object.hasOwn(ABORT_REASONS, reason);
}
