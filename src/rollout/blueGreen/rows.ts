/**
 * How blue-green moves its Services. S is the stable revision, C that of the current template, r spec.replicas. Each
 * row depends only on observations; a selection is in effect once it was observed for settleSeconds.
 */
import type { BlueGreenStrategy } from '../../api/spec.js';
import type { Revision } from '../../observe/revisions.js';
import { roleSetsOf } from '../../observe/roleSets.js';
import type { Selection } from '../../observe/services.js';
import { canCarry } from '../capacity/selections.js';
import { type Context, goesBack } from '../context.js';
import { analysisWait } from '../judgement/judge.js';
import type { Row } from '../rows.js';
import type { Settled } from '../settle.js';
import type { Arrival } from '../steps/advance.js';
import { type FinalCheck, finalCheck, firstDeploymentWait, isMeasuredFirst } from '../steps/finalCheck.js';
import { forPods, type Wait } from '../wait.js';
import { sharedRoot, waitForRoot, waitForService } from './rootService.js';

export interface BlueGreenContext extends Context {
  readonly strategy: BlueGreenStrategy;
  readonly settled: Settled;
  /** Observed selections of the two Services; undefined if the Service does not exist. */
  readonly active: Selection | undefined;
  readonly preview: Selection | undefined;
  /** Progress of the steps before promotion. */
  readonly arrival: Arrival;
  readonly steps: number;
  /** A rollback to a revision that is still running needs neither pause nor analysis. */
  readonly skips: boolean;
}

/** The desired selections of active and preview, and the desired role sets of C. */
export interface BlueGreenMove {
  /** undefined: the Service does not exist and is not created. */
  readonly active: Selection | undefined;
  readonly preview: Selection;
  readonly updated: number;
  readonly wait?: Wait | undefined;
  /** Row 10: nothing is left to do. */
  readonly promoted?: boolean;
  /** When all traffic had moved to C, while health checks continue. */
  readonly gate?: FinalCheck['gate'];
}

export const BLUE_GREEN: readonly Row<BlueGreenContext, BlueGreenMove>[] = [
  {
    when: 'no revision has been promoted',
    change: 'preview selects C; so does active, after the pre-promotion analysis if there is one; C scales up to r',
    needs: '',
    move: context => (context.revisions.stable ? undefined : firstDeployment(context)),
  },
  {
    when: 'S = C: idle',
    change: 'active and preview select C',
    needs: 'C has r pods',
    move: context => {
      const { stable, updated } = context.revisions;
      return stable === updated ? allOn(context, updated, 'pods', context.observation.spec.replicas) : undefined;
    },
  },
  {
    when: 'rollback: abort, or a changed configuration',
    change: 'active and preview select S',
    needs: 'S has r pods',
    move: context => {
      const { stable, updated } = context.revisions;
      return stable && goesBack(context) ? allOn(context, stable, 'stable', roleSetsOf(updated).spec) : undefined;
    },
  },
  {
    when: 'held, or the root Service selects all pods',
    change: '–',
    needs: '',
    move: context => {
      const { revisions, observation, preview } = context;
      const wait = blockingWait(context);
      const kept = Math.min(roleSetsOf(revisions.updated).spec, observation.spec.replicas);
      return wait && { active: activeOf(context), preview: preview ?? stableOf(context), updated: kept, wait };
    },
  },
  {
    when: 'the gate is not passed, but active selects C since an earlier rollout',
    change: 'active selects S; C keeps r pods',
    needs: 'S has r pods',
    move: context => {
      const { wait } = context.arrival;
      if (!wait || !activeIsUpdated(context)) return undefined;
      const active = canCarry(context, stableOf(context)) ? stableOf(context) : activeOf(context);
      return { ...onPreview(context), active, wait };
    },
  },
  {
    when: 'the gate is not passed',
    change: 'preview selects C; C scales up to previewReplicaCount, or r',
    needs: '',
    move: context => {
      const { strategy, observation, revisions, arrival } = context;
      const { wait } = arrival;
      if (!wait) return undefined;
      const rootLags = waitForRoot(context, activeOf(context)) !== undefined;
      const kept = rootLags ? roleSetsOf(revisions.updated).spec : 0;
      const updated = Math.max(previewCount(strategy, observation.spec.replicas), kept);
      return { ...onPreview(context), updated, wait };
    },
  },
  {
    when: 'the gate is passed, active does not select C',
    change: 'C scales up to r; active selects C',
    needs: 'C has r pods, all available; no analysis is inconclusive',
    move: context => {
      const { revisions, observation, strategy, stop } = context;
      if (activeIsUpdated(context)) return undefined;
      const lacking = lackingUpdated(context);
      const ready = !lacking && !stop && roleSetsOf(revisions.updated).spec === observation.spec.replicas;
      const wait = lacking ?? stop ?? waitForService(strategy.activeService, revisions.updated.hash);
      return { ...onPreview(context), ...(ready && { active: revisions.updated.hash }), wait };
    },
  },
  {
    when: 'active selects C',
    change: '–',
    needs: 'C has r pods; in effect',
    move: context => {
      const { settled } = context;
      const settling = settled.inEffect
        ? undefined
        : ({ reason: 'WaitingForRouteToSettle', until: settled.at } as const);
      const wait = lackingUpdated(context) ?? settling;
      return wait && { ...onPreview(context), wait };
    },
  },
  {
    when: 'active selects C, in effect',
    change: 'post-promotion analysis, then bakeSeconds; the pods of S stay',
    needs: '',
    move: context => {
      const wait = context.stop ?? postAnalysis(context);
      if (wait) return { ...onPreview(context), wait };
      const check = finalCheck(context, context.steps);
      return check && { ...onPreview(context), ...check };
    },
  },
  {
    when: 'the analysis succeeded',
    change: 'status: C is stable; S is removed after its delay',
    needs: '',
    move: context => ({ ...onPreview(context), promoted: true }),
  },
];

/** A wait that stops all changes, whatever the steps require. */
export function blockingWait(context: Context & Pick<BlueGreenContext, 'active'>): Wait | undefined {
  const { held, revisions, active } = context;
  if (held) return { reason: 'RolloutPaused', by: held };
  return sharedRoot(context, active ?? revisions.stable?.hash ?? revisions.updated.hash);
}

/**
 * A first deployment: the Services select its revision from the start. If it is analyzed before its promotion, only the
 * preview Service selects it until then.
 */
function firstDeployment(context: BlueGreenContext): BlueGreenMove {
  const { revisions, observation, strategy, active, steps } = context;
  const { updated } = revisions;
  const lacking = forPods('pods', updated, observation.spec.replicas);
  const refused = beforeFirstPromotion(context, lacking);
  const promotes = !refused && (active === undefined || canCarry(context, updated.hash));
  const here = { ...onPreview(context), active: promotes ? updated.hash : active };
  const selecting = here.active === active ? undefined : waitForService(strategy.activeService, updated.hash);
  const wait = lacking ?? refused ?? selecting;
  return wait ? { ...here, wait } : { ...here, ...(finalCheck(context, steps) ?? { promoted: true }) };
}

/** What blocks the promotion of a first revision that is analyzed before. */
function beforeFirstPromotion(context: BlueGreenContext, lacking: Wait | undefined): Wait | undefined {
  const { strategy, findings, revisions } = context;
  if (!strategy.prePromotionAnalysis) return undefined;
  const purpose = { kind: 'prePromotion', revision: revisions.updated.hash } as const;
  return (
    firstDeploymentWait(context) ??
    (isMeasuredFirst(context) ? (lacking ?? analysisWait(findings.analysis, purpose)) : undefined)
  );
}

/** Both Services select one revision, as soon as it can carry the traffic. */
function allOn(context: BlueGreenContext, revision: Revision, who: string, updated: number): BlueGreenMove {
  const { hash } = revision;
  const { active, strategy, observation } = context;
  const selecting = active === hash ? waitForRoot(context, hash) : waitForService(strategy.activeService, hash);
  return {
    active: active === undefined || canCarry(context, hash) ? hash : active,
    preview: hash,
    updated,
    wait: forPods(who, revision, observation.spec.replicas) ?? selecting,
  };
}

/** Preview selects C, which has all of its pods; active stays unchanged. */
function onPreview(context: BlueGreenContext) {
  const { revisions, observation } = context;
  return { active: activeOf(context), preview: revisions.updated.hash, updated: observation.spec.replicas };
}

function stableOf({ revisions: { stable, updated } }: Context): string {
  return (stable ?? updated).hash;
}

function activeOf(context: BlueGreenContext): Selection {
  return context.active ?? stableOf(context);
}

function activeIsUpdated(context: BlueGreenContext): boolean {
  return activeOf(context) === context.revisions.updated.hash;
}

function lackingUpdated({ revisions, observation }: Context): Wait | undefined {
  return forPods('the new revision', revisions.updated, observation.spec.replicas);
}

function postAnalysis({ strategy, position, skips, findings, revisions }: BlueGreenContext): Wait | undefined {
  if (!strategy.postPromotionAnalysis || position.promoteFull || skips) return undefined;
  return analysisWait(findings.analysis, { kind: 'postPromotion', revision: revisions.updated.hash });
}

export function previewCount({ previewReplicaCount }: BlueGreenStrategy, r: number): number {
  return Math.min(previewReplicaCount ?? r, r);
}
