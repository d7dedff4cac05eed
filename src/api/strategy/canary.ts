import { Type } from 'typebox';
import type { RoutingNames } from '../../routers/router.js';
import { childName } from '../../schema/names.js';
import type { Place } from '../../schema/place.js';
import { flag, type Static, shape, whole } from '../../schema/schema.js';
import { BackgroundAnalysisSchema, readBackgroundAnalysis } from '../analysis/analysis.js';
import type { AutoRollback, CanaryStrategy } from '../spec.js';
import { podMetadataSchema, readRoleMetadata } from '../template/podMetadata.js';
import type { StrategyContext } from './context.js';
import { readDelays, routedDelayFields } from './delays.js';
import { RollbackWindowSchema } from './rollbackWindow.js';
import { boundFields, boundsNotZero, readBounds } from './rollingUpdate.js';
import { readServiceNames, serviceNameField } from './serviceNames.js';
import { readSteps, StepsSchema } from './steps.js';
import { DEFAULT_MAX_WEIGHT, readTrafficRouting, TrafficRoutingSchema } from './trafficRouting.js';

/** Fields that would do nothing without traffic routing, and what is there instead. */
const NEED_ROUTING = [
  ['stableService', 'only the root Service is created'],
  ['canaryService', 'only the root Service is created'],
  ['scaleDownDelaySeconds', 'old pods are replaced one by one'],
] as const;

function isManagedInCel(action: string): string {
  return `(!has(s.${action}) || (has(self.trafficRouting.managedRoutes) && self.trafficRouting.managedRoutes.exists(r, r.name == s.${action}.name)))`;
}

export const CanarySchema = shape(
  {
    ...boundFields,
    steps: Type.Optional(StepsSchema),
    stableService: Type.Optional(
      serviceNameField(
        'Name of the Service that selects the stable pods. Default `<name>-stable`. Requires trafficRouting.',
      ),
    ),
    canaryService: Type.Optional(
      serviceNameField(
        'Name of the Service that selects the canary pods. Default `<name>-canary`. Requires trafficRouting.',
      ),
    ),
    trafficRouting: Type.Optional(TrafficRoutingSchema),
    analysis: Type.Optional(BackgroundAnalysisSchema),
    dynamicStableScale: Type.Optional(
      flag({
        description: 'Whether to scale the stable pods down as their traffic decreases. Requires trafficRouting.',
        default: false,
      }),
    ),
    ...routedDelayFields,
    minPodsPerReplicaSet: Type.Optional(
      whole({
        minimum: 1,
        description: 'Minimum number of pods of a revision that is not scaled to zero. Requires trafficRouting.',
        default: 1,
      }),
    ),
    canaryMetadata: Type.Optional(
      podMetadataSchema('Labels and annotations of new pods for as long as they are the canary.'),
    ),
    stableMetadata: Type.Optional(podMetadataSchema('Labels and annotations of new pods once they are stable.')),
    rollbackWindow: Type.Optional(RollbackWindowSchema),
  },
  {
    description: 'Shifts traffic to the new revision in steps.',
    rules: [
      boundsNotZero,
      {
        rule: '!has(self.steps) || self.steps.all(s, (has(s.setWeight) ? s.setWeight : 0) <= (has(self.trafficRouting) && has(self.trafficRouting.maxTrafficWeight) ? self.trafficRouting.maxTrafficWeight : 100))',
        message: 'setWeight must be at most 100, or trafficRouting.maxTrafficWeight if set',
      },
      {
        rule: 'has(self.trafficRouting) || !has(self.steps) || self.steps.all(s, !has(s.setCanaryScale) && !has(s.setHeaderRoute) && !has(s.setMirrorRoute))',
        message: 'setCanaryScale, setHeaderRoute and setMirrorRoute require trafficRouting',
      },
      {
        rule: '!has(self.analysis) || !has(self.analysis.startingStep) || self.analysis.startingStep <= (has(self.steps) ? self.steps.size() : 0)',
        message: 'analysis.startingStep must be at most the number of steps',
      },
      {
        rule: `has(self.trafficRouting) || !(${NEED_ROUTING.map(([field]) => `has(self.${field})`).join(' || ')})`,
        message: 'stableService, canaryService and scaleDownDelaySeconds require trafficRouting',
      },
      {
        rule: `!has(self.trafficRouting) || !has(self.steps) || self.steps.all(s, ${['setHeaderRoute', 'setMirrorRoute'].map(isManagedInCel).join(' && ')})`,
        message: 'routes of setHeaderRoute and setMirrorRoute must be listed in trafficRouting.managedRoutes',
      },
      {
        rule: '!has(self.stableService) || !has(self.canaryService) || self.stableService != self.canaryService',
        message: 'stableService and canaryService must differ',
      },
      {
        rule: '!has(self.dynamicStableScale) || !self.dynamicStableScale || has(self.trafficRouting)',
        message: 'dynamicStableScale requires trafficRouting',
      },
    ],
  },
);

export function readCanary(
  raw: Static<typeof CanarySchema>,
  autoRollback: AutoRollback | undefined,
  context: StrategyContext,
  place: Place,
): CanaryStrategy {
  checkRouted(raw, place);
  const routing = raw.trafficRouting && readTrafficRouting(raw.trafficRouting, context, place.at('trafficRouting'));
  const steps = readSteps(
    raw.steps ?? [],
    {
      routed: routing !== undefined,
      maxWeight: routing?.maxTrafficWeight ?? DEFAULT_MAX_WEIGHT,
      managedRoutes: routing?.managedRoutes ?? [],
    },
    place.at('steps'),
  );
  return {
    type: 'Canary',
    ...readBounds(raw, place),
    ...readDelays(raw),
    steps,
    ...readServices(raw, context, place),
    ...(routing === undefined ? {} : { trafficRouting: routing }),
    ...readBackground(raw, place),
    dynamicStableScale: readDynamicStableScale(raw, place),
    minPodsPerReplicaSet: raw.minPodsPerReplicaSet ?? 1,
    canaryMetadata: readRoleMetadata(raw.canaryMetadata, context, place.at('canaryMetadata')),
    stableMetadata: readRoleMetadata(raw.stableMetadata, context, place.at('stableMetadata')),
    rollbackWindow: raw.rollbackWindow?.revisions ?? 0,
    ...(autoRollback === undefined ? {} : { autoRollback }),
  };
}

function checkRouted(raw: Static<typeof CanarySchema>, place: Place): void {
  if (raw.trafficRouting !== undefined) return;
  for (const [field, instead] of NEED_ROUTING) {
    if (raw[field] === undefined) continue;
    place
      .at(field)
      .refuse(`${field} requires traffic routing; without it ${instead}`, `add trafficRouting or remove ${field}`);
  }
}

function readServices(raw: Static<typeof CanarySchema>, { name, rootService }: RoutingNames, place: Place) {
  return readServiceNames(
    {
      stableService: raw.stableService ?? childName(name, 'stable'),
      canaryService: raw.canaryService ?? childName(name, 'canary'),
    },
    rootService,
    place,
  );
}

function readBackground({ analysis, steps = [] }: Static<typeof CanarySchema>, place: Place) {
  if (analysis === undefined) return {};
  const startingStep = analysis.startingStep ?? 0;
  // At the number of steps, it runs from the last step to promotion, as in Argo Rollouts.
  if (startingStep > steps.length) {
    place
      .at('analysis', 'startingStep')
      .refuse(
        `${startingStep} is beyond the last step; the number of steps is ${steps.length}`,
        `use 0 to ${steps.length}; ${steps.length} starts the analysis after the last step`,
      );
  }
  return { analysis: { ...readBackgroundAnalysis(analysis, place.at('analysis')), startingStep } };
}

function readDynamicStableScale(raw: Static<typeof CanarySchema>, place: Place): boolean {
  const { dynamicStableScale = false } = raw;
  if (dynamicStableScale && raw.trafficRouting === undefined) {
    place
      .at('dynamicStableScale')
      .refuse('dynamicStableScale requires traffic routing', 'add trafficRouting or remove dynamicStableScale');
  }
  return dynamicStableScale;
}
