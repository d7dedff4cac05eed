import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { choice, flag, type Static, shape, whole } from '../../schema/schema.js';
import { AutoRollbackSchema, readAutoRollback } from '../analysis/autoRollback.js';
import type { Strategy } from '../spec.js';
import { BlueGreenSchema, readBlueGreen } from './blueGreen.js';
import { CanarySchema, readCanary } from './canary.js';
import { RollingUpdateSchema, readBounds } from './rollingUpdate.js';
import type { RoutingContext } from './trafficRouting.js';

const TYPES = ['Canary', 'BlueGreen', 'RollingUpdate'] as const;

/** The field in which a type's settings stand. */
const FIELDS = { Canary: 'canary', BlueGreen: 'blueGreen', RollingUpdate: 'rollingUpdate' } as const;

const AnalysisSettingsSchema = shape(
  {
    onFirstDeployment: Type.Optional(
      flag({
        description:
          'True: the first deployment is measured too. It serves, as nothing else does, and counts as stable only after the analysis has succeeded.',
        default: false,
      }),
    ),
    successfulRunHistoryLimit: Type.Optional(
      whole({ maximum: 100, description: 'Successful runs to keep.', default: 5 }),
    ),
    unsuccessfulRunHistoryLimit: Type.Optional(
      whole({ maximum: 100, description: 'Other finished runs to keep.', default: 5 }),
    ),
  },
  { description: 'What holds for all analyses of this StormService.' },
);

export const StrategySchema = shape(
  {
    type: Type.Optional(choice(TYPES, { description: 'Inferred from the field that is written.' })),
    canary: Type.Optional(CanarySchema),
    blueGreen: Type.Optional(BlueGreenSchema),
    rollingUpdate: Type.Optional(RollingUpdateSchema),
    autoRollback: Type.Optional(AutoRollbackSchema),
    analysis: Type.Optional(AnalysisSettingsSchema),
  },
  {
    description: 'How a new revision comes in. Absent: a rolling update.',
    rules: [
      {
        rule: '[has(self.canary), has(self.blueGreen), has(self.rollingUpdate)].filter(x, x).size() <= 1',
        message: 'write only one of canary, blueGreen and rollingUpdate',
      },
      {
        rule: "!has(self.type) || self.type == 'RollingUpdate' || (self.type == 'Canary' ? has(self.canary) : has(self.blueGreen))",
        message: 'type Canary needs canary, type BlueGreen needs blueGreen',
      },
      {
        rule: "!has(self.type) || self.type != 'RollingUpdate' || !(has(self.canary) || has(self.blueGreen))",
        message: 'type RollingUpdate goes with rollingUpdate alone',
      },
    ],
  },
);

type Raw = Static<typeof StrategySchema>;

export function readStrategy(raw: Raw, context: RoutingContext, place: Place): Strategy {
  checkType(raw, place);
  const autoRollback = raw.autoRollback && readAutoRollback(raw.autoRollback, place.at('autoRollback'));
  if (raw.canary !== undefined) return readCanary(raw.canary, autoRollback, context, place.at('canary'));
  if (raw.blueGreen !== undefined) return readBlueGreen(raw.blueGreen, autoRollback, context, place.at('blueGreen'));
  return {
    type: 'RollingUpdate',
    ...readBounds(raw.rollingUpdate ?? {}, place.at('rollingUpdate')),
    ...(autoRollback === undefined ? {} : { autoRollback }),
  };
}

function checkType(raw: Raw, place: Place): void {
  const written = Object.values(FIELDS).filter(field => raw[field] !== undefined);
  if (written.length > 1) {
    place.refuse(`${written.join(' and ')} are both written`, 'keep one of canary, blueGreen and rollingUpdate');
    return;
  }
  if (raw.type === undefined || written[0] === FIELDS[raw.type]) return;
  if (written[0] !== undefined) {
    place.at('type').refuse(`${raw.type} does not go with ${written[0]}`, `write ${FIELDS[raw.type]}, or remove type`);
  } else if (raw.type !== 'RollingUpdate') {
    place.at('type').refuse(`${raw.type} without ${FIELDS[raw.type]}`, `write ${FIELDS[raw.type]}: {…} beside it`);
  }
}

const DEFAULT_RUNS = 5;

/** How many finished analysis runs status keeps. */
export function readAnalysisHistory(raw: Raw | undefined) {
  return {
    successful: raw?.analysis?.successfulRunHistoryLimit ?? DEFAULT_RUNS,
    unsuccessful: raw?.analysis?.unsuccessfulRunHistoryLimit ?? DEFAULT_RUNS,
  };
}
