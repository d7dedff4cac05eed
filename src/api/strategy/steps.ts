import { Type } from 'typebox';
import { DURATION_FORMS, durationField, durationSeconds } from '../../schema/duration.js';
import { suggest } from '../../schema/nearest.js';
import type { Place } from '../../schema/place.js';
import { eitherForm, firstDraft, flag, list, type Static, shape, whole } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import { uniqueNames } from '../../schema/uniqueNames.js';
import { AnalysisSchema, readAnalysis } from '../analysis/analysis.js';
import type { SetCanaryScaleAction, Step } from '../spec.js';
import { checkHeaderRoute, checkMirrorRoute, SetHeaderRouteSchema, SetMirrorRouteSchema } from './stepRoutes.js';

const MAX_STEPS = 100;

/** Fields of a step that do something, in the order in which they are done. */
const ACTIONS = ['setCanaryScale', 'setWeight', 'setHeaderRoute', 'setMirrorRoute', 'analysis', 'pause'] as const;

/** In an object untilApproval stands alone and is true, or a duration stands without it. `true` passes all of these. */
const PAUSE_CHECKS = {
  not: { enum: [false] },
  pattern: '^pause is true or an object$',
  anyOf: [
    { required: ['duration'], properties: { untilApproval: { enum: [false] } } },
    { properties: { untilApproval: { enum: [true] }, duration: { maxLength: 0, minimum: 1, maximum: 0 } } },
  ],
};

/** Until approved (true, {} and untilApproval), or for a time. */
const PauseSchema = eitherForm(
  Type.Unsafe<boolean | { duration?: number | string; untilApproval?: boolean }>({
    type: ['boolean', 'object'],
    description:
      'Pauses the rollout: true, {} or {untilApproval: true} until approved; {duration: 30}, {duration: "30s"} or {duration: "1h"} for a fixed time. Approval ends both.',
    properties: {
      duration: durationField({ description: 'Seconds, or a duration such as "30s" or "1h".' }),
      untilApproval: flag({ description: 'Whether to wait for approval.' }),
    },
    additionalProperties: false,
  }),
  PAUSE_CHECKS,
);

const SetCanaryScaleSchema = shape(
  {
    replicas: Type.Optional(whole({ description: 'Number of pods (or role sets) of the new revision.' })),
    weight: Type.Optional(
      whole({ maximum: 100, description: 'Pods of the new revision as a percentage of spec.replicas.' }),
    ),
    matchTrafficWeight: Type.Optional(flag({ description: 'Whether to follow the traffic weight again.' })),
  },
  {
    description: 'Decouples the number of new pods from the weight until matchTrafficWeight. Requires trafficRouting.',
    rules: [
      {
        rule: '[has(self.replicas), has(self.weight), has(self.matchTrafficWeight)].filter(x, x).size() == 1',
        message: 'exactly one of replicas, weight and matchTrafficWeight is required',
      },
    ],
  },
);

export const StepSchema = shape(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 63, description: 'Name shown in status instead of the action.' }),
    ),
    setWeight: Type.Optional(
      whole({ description: 'Weight of the new revision: 0 to 100, or 0 to maxTrafficWeight with traffic routing.' }),
    ),
    pause: Type.Optional(PauseSchema),
    setCanaryScale: Type.Optional(SetCanaryScaleSchema),
    analysis: Type.Optional(AnalysisSchema),
    setHeaderRoute: Type.Optional(SetHeaderRouteSchema),
    setMirrorRoute: Type.Optional(SetMirrorRouteSchema),
    weight: firstDraft(whole({ description: 'First-draft alias of setWeight.' })),
    replicas: firstDraft(whole({ description: 'First-draft alias of setCanaryScale.replicas.' })),
  },
  {
    description: 'A step. Several actions in one step run in the order pods, weight, routes, analysis, pause.',
    // The API server names the first of these as what is missing.
    someOf: ['setWeight', ...ACTIONS.filter(action => action !== 'setWeight'), 'weight', 'replicas'],
  },
);

export const StepsSchema = list(StepSchema, {
  maxItems: MAX_STEPS,
  description: 'Steps of the rollout, in order. If empty or unset, the rollout goes straight to full traffic.',
  rules: [
    {
      rule: 'self.all(s, !has(s.name) || self.exists_one(t, has(t.name) && t.name == s.name))',
      message: 'step names must be unique',
    },
  ],
});

type RawStep = Static<typeof StepSchema>;

/** What a step may refer to. */
export interface StepContext {
  readonly routed: boolean;
  readonly maxWeight: number;
  readonly managedRoutes: readonly string[];
}

export function readSteps(raw: readonly RawStep[], context: StepContext, place: Place): readonly Step[] {
  const checkUnique = uniqueNames('steps', 'step');
  return raw.flatMap((step, index) => {
    const here = place.at(index);
    if (step.name !== undefined) checkUnique(step.name, index, here.at('name'));
    const actions = readActions(step, context, here);
    if (Object.keys(step).every(key => key === 'name')) {
      here.refuse('the step has no action', `add one of ${ACTIONS.join(', ')}`);
    }
    return step.name === undefined ? actions : actions.map(action => ({ ...action, name: step.name as string }));
  });
}

/** The actions of one step of the user's list in the order in which they are taken. */
function readActions(step: RawStep, context: StepContext, place: Place): readonly Step[] {
  const actions: Step[] = [];
  if (step.setCanaryScale !== undefined) {
    needsRouting('setCanaryScale', context, place);
    const scale = readScale(step.setCanaryScale, place.at('setCanaryScale'));
    if (scale !== undefined) actions.push({ action: 'setCanaryScale', scale });
  }
  if (step.setWeight !== undefined) {
    checkWeight(step.setWeight, context, place.at('setWeight'));
    actions.push({ action: 'setWeight', weight: step.setWeight });
  }
  if (step.setHeaderRoute !== undefined) {
    needsRouting('setHeaderRoute', context, place);
    checkManaged(step.setHeaderRoute.name, context, place.at('setHeaderRoute', 'name'));
    checkHeaderRoute(step.setHeaderRoute, place.at('setHeaderRoute'));
    const { name, match = [] } = step.setHeaderRoute;
    actions.push({ action: 'setHeaderRoute', name, match } as Step);
  }
  if (step.setMirrorRoute !== undefined) {
    needsRouting('setMirrorRoute', context, place);
    checkManaged(step.setMirrorRoute.name, context, place.at('setMirrorRoute', 'name'));
    checkMirrorRoute(step.setMirrorRoute, place.at('setMirrorRoute'));
    const { name, percentage = 100, match = [] } = step.setMirrorRoute;
    actions.push({ action: 'setMirrorRoute', name, percentage, match } as Step);
  }
  if (step.analysis !== undefined) {
    actions.push({ action: 'analysis', analysis: readAnalysis(step.analysis, place.at('analysis')) });
  }
  if (step.pause !== undefined) actions.push({ action: 'pause', seconds: readPause(step.pause, place.at('pause')) });
  return actions;
}

function checkWeight(weight: number, { maxWeight, routed }: StepContext, place: Place): void {
  if (weight <= maxWeight) return;
  place.refuse(
    `${weight} exceeds ${routed ? 'maxTrafficWeight' : 'the maximum weight'} ${maxWeight}`,
    `use a weight from 0 to ${maxWeight}`,
  );
}

function needsRouting(action: string, { routed }: StepContext, place: Place): void {
  if (routed) return;
  place.at(action).refuse(`${action} requires traffic routing`, 'add canary.trafficRouting or remove the action');
}

function checkManaged(name: string, { managedRoutes, routed }: StepContext, place: Place): void {
  if (!routed || managedRoutes.includes(name)) return;
  const remedy = managedRoutes.length === 0 ? `add - name: ${name} to it` : suggest(name, managedRoutes);
  place.refuse(`${show(name)} is not listed in trafficRouting.managedRoutes`, remedy);
}

function readScale(raw: Static<typeof SetCanaryScaleSchema>, place: Place): SetCanaryScaleAction['scale'] | undefined {
  const written = [raw.replicas, raw.weight, raw.matchTrafficWeight].filter(value => value !== undefined);
  if (written.length !== 1 || raw.matchTrafficWeight === false) {
    place.refuse(
      `${show(raw)} is not a valid canary scale`,
      'set exactly one of replicas, weight and matchTrafficWeight: true',
    );
    return undefined;
  }
  if (raw.replicas !== undefined) return { by: 'replicas', replicas: raw.replicas };
  if (raw.weight !== undefined) return { by: 'weight', weight: raw.weight };
  return { by: 'traffic' };
}

function readPause(raw: Static<typeof PauseSchema>, place: Place): number | null {
  if (raw === true) return null;
  if (raw === false) {
    place.refuse('pause: false has no effect', 'use pause: true to wait for approval, or remove the step');
    return null;
  }
  if (raw.duration === undefined) {
    if (raw.untilApproval === false) {
      place.refuse('untilApproval is false and no duration is set', 'set a duration or untilApproval: true');
    }
    return null;
  }
  if (raw.untilApproval === true) {
    place.refuse(
      'duration and untilApproval are mutually exclusive',
      'remove one of them; approval also ends a duration early',
    );
    return null;
  }
  const seconds = durationSeconds(raw.duration);
  if (seconds === undefined) place.at('duration').refuse(`${show(raw.duration)} is not a duration`, DURATION_FORMS);
  return seconds ?? null;
}
