/** What only the hook reads, in the next sync. If lost, it is rebuilt from the children. */
import { Type } from 'typebox';
import { fromRfc3339, type Instant, toRfc3339 } from '../schema/instant.js';
import { present } from '../schema/json.js';
import { instantText, list, openShape } from '../schema/schema.js';
import { memory, optionalInstant, optionalText, type Stored, storedInstant, toInstant } from './fields.js';

const BookkeepingSchema = openShape(
  {
    setupHash: optionalText('Hash of the strategy, routing and Services that the rollout runs under.'),
    stepsHash: optionalText('Hash of the steps that currentStepIndex points into.'),
    gate: Type.Optional(
      openShape(
        {
          step: Type.Number({ description: 'Index of the step that waits.' }),
          startedAt: instantText({ description: 'When it was reached.' }),
        },
        { description: 'The gate or timed pause that was reached.' },
      ),
    ),
    promoteFull: Type.Optional(Type.Literal(true, { description: 'True: the remaining steps are skipped.' })),
    heldSince: optionalInstant('When the current hold started.'),
    startedAt: optionalInstant('When the steps started, not counting the time that they waited for a person.'),
    progressedAt: optionalInstant('When the rollout last progressed, moved on by the time in which none was expected.'),
    progress: Type.Optional(
      openShape(
        {
          revision: Type.String({ description: 'Hash of the revision whose pods count.' }),
          pods: Type.Integer({ description: 'The largest number of its available pods at this step.' }),
          replicas: Type.Integer({ description: 'The largest spec.replicas at this step.' }),
          at: optionalInstant(
            'In place of progressedAt while no progress is expected: at a gate, during an analysis or a hold.',
          ),
          stoppedAt: optionalInstant('Since when none is expected, other than by a hold.'),
        },
        { description: 'What counts as progress: more than this.' },
      ),
    ),
    scaleDown: Type.Optional(
      list(
        openShape(
          {
            revision: Type.String({ description: 'Hash of the revision.' }),
            at: instantText({ description: 'When its pods may be deleted.' }),
            wasStable: Type.Optional(
              Type.Boolean({ description: 'It was stable, so rolling back to it before then skips the steps.' }),
            ),
          },
          { description: 'One revision.' },
        ),
        { description: 'Revisions whose pods are deleted after a delay.' },
      ),
    ),
    routeSeen: Type.Optional(
      openShape(
        {
          state: Type.String({ description: 'Summary of the routes.' }),
          since: instantText({ description: 'Since when.' }),
        },
        { description: 'The last observed state of the routes.' },
      ),
    ),
  },
  { description: 'Internal to the hook, read in the next sync. If lost, it is rebuilt from the children.' },
);

export const bookkeepingFields = { bookkeeping: memory(BookkeepingSchema) };

type StoredBookkeeping = Stored<typeof BookkeepingSchema>;

/** A gate or timed pause that was reached. */
export interface Gate {
  /** Index in the steps. */
  readonly step: number;
  readonly startedAt: Instant;
}

/** When the pods of a revision may be deleted. */
export interface ScaleDown {
  readonly at: Instant;
  /** It was stable, so rolling back to it before then skips the steps. */
  readonly wasStable: boolean;
}

/** The last progress: progressDeadlineSeconds count from then. */
export interface Progress {
  /** Moved on by the time in which none was expected. */
  readonly at: Instant;
  /** Since when no progress is expected. */
  readonly stoppedAt?: Instant;
  /** What counts as progress: more than this. Unknown in a status of release 0.1. */
  readonly mark?: Mark;
}

/** The most there was at this step: pods that fall back and recover are no progress. */
export interface Mark {
  /** Hash of the revision whose pods count. */
  readonly revision: string;
  /** Available pods. */
  readonly pods: number;
  /** spec.replicas. */
  readonly replicas: number;
}

export interface Bookkeeping {
  /** Of the strategy, routing and Services that the rollout runs under. */
  readonly setupHash?: string;
  /** Of the step list that stepIndex points into. */
  readonly stepsHash?: string;
  readonly gate?: Gate;
  readonly promoteFull: boolean;
  readonly heldSince?: Instant;
  readonly startedAt?: Instant;
  readonly progress?: Progress;
  /** When the pods of a revision may be deleted, by hash. */
  readonly scaleDownAt: ReadonlyMap<string, ScaleDown>;
  /** The route state last seen, and since when it has been so. */
  readonly routeSeen?: { readonly state: string; readonly since: Instant };
}

export function readBookkeeping(stored: StoredBookkeeping): Bookkeeping {
  const { setupHash, stepsHash, gate, promoteFull, heldSince, startedAt, scaleDown = [], routeSeen } = stored;
  return present({
    setupHash: setupHash || undefined,
    stepsHash: stepsHash || undefined,
    gate: gate && { step: gate.step, startedAt: toInstant(gate.startedAt) },
    promoteFull: promoteFull === true,
    heldSince: fromRfc3339(heldSince),
    startedAt: fromRfc3339(startedAt),
    progress: readProgress(stored),
    scaleDownAt: new Map(
      scaleDown.map(({ revision, at, wasStable }) => [revision, { at: toInstant(at), wasStable: wasStable === true }]),
    ),
    routeSeen: routeSeen && { state: routeSeen.state, since: toInstant(routeSeen.since) },
  });
}

export function writeBookkeeping(bookkeeping: Bookkeeping): StoredBookkeeping {
  const { setupHash, stepsHash, gate, promoteFull, heldSince, startedAt, progress, scaleDownAt, routeSeen } =
    bookkeeping;
  return present({
    setupHash,
    stepsHash,
    gate: gate && { step: gate.step, startedAt: toRfc3339(gate.startedAt) },
    promoteFull: promoteFull || undefined,
    heldSince: storedInstant(heldSince),
    startedAt: storedInstant(startedAt),
    ...(progress && storedProgress(progress, heldSince === undefined && progress.stoppedAt === undefined)),
    scaleDown: scaleDownAt.size > 0 ? Array.from(scaleDownAt, storedDelay) : undefined,
    routeSeen: routeSeen && { state: routeSeen.state, since: toRfc3339(routeSeen.since) },
  });
}

function readProgress({ progressedAt, progress }: StoredBookkeeping): Progress | undefined {
  const at = fromRfc3339(progressedAt) ?? fromRfc3339(progress?.at);
  if (at === undefined) return undefined;
  if (progress === undefined) return { at };
  const { revision, pods, replicas, stoppedAt } = progress;
  return present({ at, stoppedAt: fromRfc3339(stoppedAt), mark: { revision, pods, replicas } });
}

/** While it does not count, progressedAt is absent: release 0.1 counts from it without exception. */
function storedProgress({ at, stoppedAt, mark }: Progress, counts: boolean) {
  const time = toRfc3339(at);
  if (counts) return present({ progressedAt: time, progress: mark });
  return present({ progress: mark && present({ ...mark, at: time, stoppedAt: storedInstant(stoppedAt) }) });
}

function storedDelay([revision, { at, wasStable }]: readonly [string, ScaleDown]) {
  return { revision, at: toRfc3339(at), wasStable };
}
