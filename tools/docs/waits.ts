import type { RollbackReason } from '../../src/analysis/runs/verdict.js';

/** Why a revision is taken back. */
export const aborts: {
  readonly [R in RollbackReason | 'AbortedByAnnotation' | 'ProgressDeadlineExceeded' | 'RolloutTimeout']: string;
} = {
  AbortedByAnnotation: 'Somebody set `aibrix.io/rollout-abort`; `abort.by` has the field manager.',
  ProgressDeadlineExceeded: 'Nothing moved for `progressDeadlineSeconds`, and `progressDeadlineAbort` is on.',
  RolloutTimeout: 'It took longer than `autoRollback.onTimeout`.',
  AnalysisFailed: 'A metric failed more often than its limit.',
  AnalysisError: 'A metric could not be measured more often in a row than its limit.',
  HealthCheckFailed: 'A health check of `autoRollback` failed.',
  ErrorThresholdExceeded: 'More measurements failed or erred than `autoRollback.onFailure.errorThreshold` allows.',
};
