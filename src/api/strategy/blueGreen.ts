import { Type } from 'typebox';
import { childName } from '../../schema/names.js';
import type { Place } from '../../schema/place.js';
import { flag, type Static, shape, whole } from '../../schema/schema.js';
import { analysisSchema, readAnalysis } from '../analysis/analysis.js';
import type { AutoRollback, BlueGreenStrategy } from '../spec.js';
import { podMetadataSchema, readRoleMetadata } from '../template/podMetadata.js';
import type { StrategyContext } from './context.js';
import { delayFields, readDelays } from './delays.js';
import { RollbackWindowSchema } from './rollbackWindow.js';
import { readServiceNames, serviceNameField } from './serviceNames.js';
import { DEFAULT_SETTLE_SECONDS, settleSecondsField } from './trafficRouting.js';

export const BlueGreenSchema = shape(
  {
    activeService: Type.Optional(
      serviceNameField('Name of the Service that selects the active pods. Default `<name>-active`.'),
    ),
    previewService: Type.Optional(
      serviceNameField('Name of the Service that selects the new pods before promotion. Default `<name>-preview`.'),
    ),
    previewReplicaCount: Type.Optional(
      whole({ description: 'Number of new pods before promotion. Default: spec.replicas.' }),
    ),
    autoPromotionEnabled: Type.Optional(
      flag({ description: 'Whether to promote automatically. If false, promotion waits for approval.', default: true }),
    ),
    autoPromotionSeconds: Type.Optional(
      whole({
        description: 'Seconds between available and promoted. Not allowed if autoPromotionEnabled is false.',
        default: 0,
      }),
    ),
    ...delayFields,
    prePromotionAnalysis: Type.Optional(analysisSchema('Analysis that must succeed before traffic moves.')),
    postPromotionAnalysis: Type.Optional(
      analysisSchema('Analysis that runs after traffic has moved; if it fails, traffic moves back.'),
    ),
    previewMetadata: Type.Optional(podMetadataSchema('Labels and annotations of new pods before promotion.')),
    activeMetadata: Type.Optional(podMetadataSchema('Labels and annotations of new pods once they are active.')),
    rollbackWindow: Type.Optional(RollbackWindowSchema),
    settleSeconds: Type.Optional(settleSecondsField),
  },
  {
    description: 'Starts the new revision alongside the old one, then moves all traffic at once.',
    rules: [
      {
        rule: '!has(self.activeService) || !has(self.previewService) || self.activeService != self.previewService',
        message: 'activeService and previewService must differ',
      },
      {
        rule: '!has(self.autoPromotionSeconds) || self.autoPromotionSeconds == 0 || !has(self.autoPromotionEnabled) || self.autoPromotionEnabled',
        message: 'autoPromotionSeconds is not allowed if autoPromotionEnabled is false',
      },
    ],
  },
);

type Raw = Static<typeof BlueGreenSchema>;

export function readBlueGreen(
  raw: Raw,
  autoRollback: AutoRollback | undefined,
  context: StrategyContext,
  place: Place,
): BlueGreenStrategy {
  const { name, rootService } = context;
  return {
    type: 'BlueGreen',
    ...readServiceNames(
      {
        activeService: raw.activeService ?? childName(name, 'active'),
        previewService: raw.previewService ?? childName(name, 'preview'),
      },
      rootService,
      place,
    ),
    ...(raw.previewReplicaCount === undefined ? {} : { previewReplicaCount: raw.previewReplicaCount }),
    ...readPromotion(raw, place),
    ...readDelays(raw),
    ...readAnalyses(raw, place),
    previewMetadata: readRoleMetadata(raw.previewMetadata, context, place.at('previewMetadata')),
    activeMetadata: readRoleMetadata(raw.activeMetadata, context, place.at('activeMetadata')),
    rollbackWindow: raw.rollbackWindow?.revisions ?? 0,
    settleSeconds: raw.settleSeconds ?? DEFAULT_SETTLE_SECONDS,
    ...(autoRollback === undefined ? {} : { autoRollback }),
  };
}

function readPromotion({ autoPromotionEnabled = true, autoPromotionSeconds = 0 }: Raw, place: Place) {
  if (!autoPromotionEnabled && autoPromotionSeconds > 0) {
    place
      .at('autoPromotionSeconds')
      .refuse(`${autoPromotionSeconds} is not allowed if autoPromotionEnabled is false`, 'remove one of them');
  }
  return { autoPromotionEnabled, autoPromotionSeconds };
}

function readAnalyses({ prePromotionAnalysis: pre, postPromotionAnalysis: post }: Raw, place: Place) {
  return {
    ...(pre === undefined ? {} : { prePromotionAnalysis: readAnalysis(pre, place.at('prePromotionAnalysis')) }),
    ...(post === undefined ? {} : { postPromotionAnalysis: readAnalysis(post, place.at('postPromotionAnalysis')) }),
  };
}
