import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { choice, flag, type Static, shape, whole } from '../../schema/schema.js';
import { AutoRollbackSchema, readAutoRollback } from '../analysis/autoRollback.js';
import type { Strategy } from '../spec.js';
import { BlueGreenSchema, readBlueGreen } from './blueGreen.js';
import { CanarySchema, readCanary } from './canary.js';
import type { StrategyContext } from './context.js';
import { RollingUpdateSchema, readBounds } from './rollingUpdate.js';

const TYPES = ['Canary', 'BlueGreen', 'RollingUpdate'] as const;

/** The field in which a type's settings stand. */
const FIELDS = { Canary: 'canary', BlueGreen: 'blueGreen', RollingUpdate: 'rollingUpdate' } as const;

const AnalysisSettingsSchema = shape(
  {
    onFirstDeployment: Type.Optional(
      flag({
        description:
          'Whether to analyze the first deployment too. It becomes stable only after the analysis has succeeded, but serves traffic before that, because nothing else does.',
        default: false,
      }),
    ),
    successfulRunHistoryLimit: Type.Optional(
      whole({ maximum: 100, description: 'Number of successful runs to keep.', default: 5 }),
    ),
    unsuccessfulRunHistoryLimit: Type.Optional(
      whole({ maximum: 100, description: 'Number of other finished runs to keep.', default: 5 }),
    ),
  },
  { description: 'Settings for all analyses of this StormService.' },
);

export const StrategySchema = shape(
  {
    type: Type.Optional(choice(TYPES, { description: 'Type of the strategy. Inferred if unset.' })),
    canary: Type.Optional(CanarySchema),
    blueGreen: Type.Optional(BlueGreenSchema),
    rollingUpdate: Type.Optional(RollingUpdateSchema),
    autoRollback: Type.Optional(AutoRollbackSchema),
    analysis: Type.Optional(AnalysisSettingsSchema),
  },
  {
    description: 'How to roll out a new revision. Defaults to a rolling update.',
    rules: [
      {
        rule: '[has(self.canary), has(self.blueGreen), has(self.rollingUpdate)].filter(x, x).size() <= 1',
        message: 'canary, blueGreen and rollingUpdate are mutually exclusive',
      },
      {
        rule: "!has(self.type) || self.type == 'RollingUpdate' || (self.type == 'Canary' ? has(self.canary) : has(self.blueGreen))",
        message: 'type Canary requires canary, type BlueGreen requires blueGreen',
      },
      {
        rule: "!has(self.type) || self.type != 'RollingUpdate' || !(has(self.canary) || has(self.blueGreen))",
        message: 'type RollingUpdate allows only rollingUpdate',
      },
    ],
  },
);

type Raw = Static<typeof StrategySchema>;

export function readStrategy(raw: Raw, context: StrategyContext, place: Place): Strategy {
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
    place.refuse(
      `${written.join(' and ')} are mutually exclusive`,
      'set only one of canary, blueGreen and rollingUpdate',
    );
    return;
  }
  if (raw.type === undefined || written[0] === FIELDS[raw.type]) return;
  if (written[0] !== undefined) {
    place.at('type').refuse(`type ${raw.type} does not match ${written[0]}`, `set ${FIELDS[raw.type]}, or remove type`);
  } else if (raw.type !== 'RollingUpdate') {
    place.at('type').refuse(`type ${raw.type} requires ${FIELDS[raw.type]}`, `add ${FIELDS[raw.type]}: {…}`);
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
