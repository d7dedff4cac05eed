/**
 * The analyses in status, running and finished. They contain everything that decides, so that any replica of the hook
 * can continue them.
 */
import { Type } from 'typebox';
import { present } from '../schema/json.js';
import { anyObject, choice, essential, instantText, list, openShape } from '../schema/schema.js';
import { memories, memory, optionalInstant, optionalText, type Stored } from './fields.js';

/** How a measurement, a metric or a run ended. Argo Rollouts' names; best first. */
export const ANALYSIS_PHASES = ['Successful', 'Inconclusive', 'Error', 'Failed'] as const;
export type AnalysisPhase = (typeof ANALYSIS_PHASES)[number];

/** A metric or a run that has not ended is Running. */
export const RUN_PHASES = ['Running', ...ANALYSIS_PHASES] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export const RUN_KINDS = ['step', 'background', 'prePromotion', 'postPromotion', 'healthCheck'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

function tally(description: string) {
  return openShape(
    {
      total: Type.Number({ description: 'Measurements, without those of dry-run metrics.' }),
      bad: Type.Number({ description: 'Number of these that are Failed or Error.' }),
    },
    { description },
  );
}

/** Absent if 0. If it were ignored when unreadable, a limit could be exceeded unnoticed. */
function counter(description: string) {
  return Type.Optional(essential(Type.Number({ description })));
}

/** Absent: false. */
function mark(description: string) {
  return Type.Optional(Type.Literal(true, { description }));
}

const MeasurementSchema = openShape(
  {
    at: Type.String({ description: 'When it was made.' }),
    phase: choice(ANALYSIS_PHASES, { description: 'Result of the measurement.' }),
    value: optionalText('The value, shortened.'),
    message: optionalText('Reason of an Error.'),
  },
  { description: 'One measurement.' },
);

const MetricStateSchema = openShape(
  {
    name: Type.String({ description: 'Name of the metric.' }),
    phase: choice(RUN_PHASES, { description: 'Running, or how it ended.' }),
    message: optionalText('Which limit was exceeded.'),
    dryRun: mark('True: it is measured but does not affect the rollout.'),
    dueAt: optionalInstant(
      'When the next measurement is due; with the run and the metric it is the key of the measurement.',
    ),
    postponedSince: optionalInstant('Since when its measurements have been postponed by limits of the hook.'),
    successful: counter('Successful measurements.'),
    failed: counter('Failed measurements.'),
    inconclusive: counter('Inconclusive measurements.'),
    error: counter('Measurements that could not be made.'),
    consecutiveSuccess: counter('Consecutive successful measurements.'),
    consecutiveFailure: counter('Consecutive failed measurements.'),
    consecutiveError: counter('Consecutive measurements that could not be made.'),
    measurements: list(MeasurementSchema, { description: 'The most recent ones, oldest first.' }),
  },
  { description: 'State of one metric.' },
);

const SecretArgSchema = openShape(
  {
    arg: Type.String({ description: 'Name of the argument.' }),
    name: Type.String({ description: 'Name of the Secret.' }),
    key: Type.String({ description: 'Key in the Secret.' }),
    escaped: mark(
      'True: its value is inserted as data. Absent: verbatim, because it is raw or the run started with version 0.1.',
    ),
  },
  { description: 'An argument whose value is a key of a Secret: read for each measurement, and stored nowhere.' },
);

const RunSchema = openShape(
  {
    id: Type.String({ description: 'Name of the run.' }),
    kind: choice(RUN_KINDS, { description: 'What it is for.' }),
    revision: Type.String({ description: 'Revision that is analyzed.' }),
    step: Type.Optional(Type.Number({ description: 'Index of the step, of kind step.' })),
    phase: choice(RUN_PHASES, { description: 'Running, or how it ended.' }),
    message: optionalText('Why it ended with this phase.'),
    startedAt: instantText({ description: 'When it started.' }),
    finishedAt: optionalInstant('When it ended.'),
    approved: mark('True: it was approved although it did not succeed.'),
    past: mark('True: it belongs to an earlier rollout and no longer counts.'),
    resolved: optionalText('Hash of the templates and arguments it started with.'),
    tally: Type.Optional(tally('Its measurements in total, once it has ended: its metrics may be shortened later.')),
    metrics: list(essential(MetricStateSchema), { description: 'State of each metric.' }),
    pinned: Type.Optional(
      essential(
        list(essential(anyObject({ description: 'A metric.' })), {
          description:
            'The metrics as they were when it started, while it is running: later changes of a template have no effect on it.',
        }),
      ),
    ),
    secrets: Type.Optional(
      essential(
        list(essential(SecretArgSchema), { description: 'Arguments that come from Secrets, while it is running.' }),
      ),
    ),
  },
  { description: 'One analysis.' },
);

export const analysisFields = {
  analysisRuns: memories(RunSchema, 'Analysis runs with their last measurements.'),
  analysisTotals: memory(tally('Measurements of runs of the current rollout that are no longer kept.')),
};

export type Measurement = Stored<typeof MeasurementSchema>;
export type MetricState = Stored<typeof MetricStateSchema>;
export type Tally = Stored<ReturnType<typeof tally>>;
export type SecretArg = Stored<typeof SecretArgSchema>;
export type Run = Stored<typeof RunSchema>;

/** The purpose of a run. There is at most one current run per purpose. */
export type Purpose = Pick<Run, 'kind' | 'revision' | 'step'>;

export interface AnalysisState {
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** Totals of runs of the current rollout that are no longer kept. */
  readonly dropped?: Tally;
}

interface StoredAnalysis {
  readonly analysisRuns?: readonly Run[];
  readonly analysisTotals?: Tally;
}

export function readAnalysisState({ analysisRuns = [], analysisTotals }: StoredAnalysis): AnalysisState {
  return present({ runs: analysisRuns.filter(canEnd), dropped: analysisTotals });
}

/** Fields are absent if there is nothing to store. */
export function writeAnalysisState({ runs, dropped }: AnalysisState): StoredAnalysis {
  return present({ analysisRuns: runs.length > 0 ? runs : undefined, analysisTotals: dropped });
}

/** A metric without a due time would never be measured, and its run would never end. */
function canEnd({ metrics }: Run): boolean {
  return metrics.every(({ phase, dueAt }) => phase !== 'Running' || dueAt !== undefined);
}
