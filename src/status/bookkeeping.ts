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
    progressedAt: optionalInstant('When the rollout last progressed.'),
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

export interface Bookkeeping {
  /** Of the strategy, routing and Services that the rollout runs under. */
  readonly setupHash?: string;
  /** Of the step list that stepIndex points into. */
  readonly stepsHash?: string;
  readonly gate?: Gate;
  readonly promoteFull: boolean;
  readonly heldSince?: Instant;
  readonly startedAt?: Instant;
  readonly progressedAt?: Instant;
  /** When the pods of a revision may be deleted, by hash. */
  readonly scaleDownAt: ReadonlyMap<string, ScaleDown>;
  /** The route state last seen, and since when it has been so. */
  readonly routeSeen?: { readonly state: string; readonly since: Instant };
}

export function readBookkeeping(stored: StoredBookkeeping): Bookkeeping {
  const {
    setupHash,
    stepsHash,
    gate,
    promoteFull,
    heldSince,
    startedAt,
    progressedAt,
    scaleDown = [],
    routeSeen,
  } = stored;
  return present({
    setupHash: setupHash || undefined,
    stepsHash: stepsHash || undefined,
    gate: gate && { step: gate.step, startedAt: toInstant(gate.startedAt) },
    promoteFull: promoteFull === true,
    heldSince: fromRfc3339(heldSince),
    startedAt: fromRfc3339(startedAt),
    progressedAt: fromRfc3339(progressedAt),
    scaleDownAt: new Map(
      scaleDown.map(({ revision, at, wasStable }) => [revision, { at: toInstant(at), wasStable: wasStable === true }]),
    ),
    routeSeen: routeSeen && { state: routeSeen.state, since: toInstant(routeSeen.since) },
  });
}

export function writeBookkeeping(bookkeeping: Bookkeeping): StoredBookkeeping {
  const { setupHash, stepsHash, gate, promoteFull, heldSince, startedAt, progressedAt, scaleDownAt, routeSeen } =
    bookkeeping;
  return present({
    setupHash,
    stepsHash,
    gate: gate && { step: gate.step, startedAt: toRfc3339(gate.startedAt) },
    promoteFull: promoteFull || undefined,
    heldSince: storedInstant(heldSince),
    startedAt: storedInstant(startedAt),
    progressedAt: storedInstant(progressedAt),
    scaleDown: scaleDownAt.size > 0 ? Array.from(scaleDownAt, storedDelay) : undefined,
    routeSeen: routeSeen && { state: routeSeen.state, since: toRfc3339(routeSeen.since) },
  });
}

function storedDelay([revision, { at, wasStable }]: readonly [string, ScaleDown]) {
  return { revision, at: toRfc3339(at), wasStable };
}
