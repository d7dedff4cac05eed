import { type Row, testRefused } from '../../../test/api/refused.js';
import { blueGreen, canary, withStrategy } from '../../../test/api/specs.js';

const rows: readonly Row[] = [
  [
    'canary and blueGreen',
    withStrategy({ canary: {}, blueGreen: {} }),
    'spec.rolloutStrategy',
    'mutually exclusive',
    'set only one',
  ],
  [
    'a type that disagrees',
    withStrategy({ type: 'BlueGreen', canary: {} }),
    'spec.rolloutStrategy.type',
    'canary',
    'blueGreen',
  ],
  [
    'a type without its field',
    withStrategy({ type: 'Canary' }),
    'spec.rolloutStrategy.type',
    'requires canary',
    'canary: {',
  ],
  [
    'an unknown type',
    withStrategy({ type: 'canary', canary: {} }),
    'spec.rolloutStrategy.type',
    '"canary"',
    'did you mean Canary',
  ],
  ['a typo', withStrategy({ cannary: {} }), 'spec.rolloutStrategy.cannary', 'unknown field', 'did you mean canary'],
  [
    'both bounds 0',
    canary({ maxSurge: 0, maxUnavailable: '0%' }),
    'spec.rolloutStrategy.canary.maxUnavailable',
    'both 0',
    'set one of them',
  ],
  ['a count in quotes', canary({ maxSurge: '1' }), 'spec.rolloutStrategy.canary.maxSurge', '"1"', '1 without quotes'],
  ['a malformed per cent', canary({ maxSurge: '25 %' }), 'spec.rolloutStrategy.canary.maxSurge', '25 %', '"25%"'],
  ['a negative bound', canary({ maxUnavailable: -1 }), 'spec.rolloutStrategy.canary.maxUnavailable', '-1', 'integer'],
  [
    'stable and canary Service the same',
    canary({ stableService: 'a', canaryService: 'a' }),
    'spec.rolloutStrategy.canary.canaryService',
    'stableService',
    'unique name',
  ],
  [
    'the stable Service named as the root',
    canary({ stableService: 'my-app' }),
    'spec.rolloutStrategy.canary.stableService',
    'root Service',
    'unique name',
  ],
  [
    'dynamicStableScale without routing',
    canary({ dynamicStableScale: true }),
    'spec.rolloutStrategy.canary.dynamicStableScale',
    'traffic routing',
    'remove',
  ],
  [
    'a rollback window as a number',
    canary({ rollbackWindow: 3 }),
    'spec.rolloutStrategy.canary.rollbackWindow',
    '3',
    'object',
  ],
  [
    'canaryMetadata with a boolean',
    canary({ canaryMetadata: { labels: { a: true } } }),
    'spec.rolloutStrategy.canary.canaryMetadata.labels.a',
    'boolean',
    '"true"',
  ],
  [
    'a reserved label of the canary',
    canary({ canaryMetadata: { labels: { 'orchestration.aibrix.io/revision': 'a' } } }),
    'spec.rolloutStrategy.canary.canaryMetadata.labels[orchestration.aibrix.io/revision]',
    'managed by the rollout',
    'remove',
  ],
  [
    'active and preview the same',
    blueGreen({ activeService: 'a', previewService: 'a' }),
    'spec.rolloutStrategy.blueGreen.previewService',
    'activeService',
    'unique name',
  ],
  [
    'seconds of a promotion that is off',
    blueGreen({ autoPromotionEnabled: false, autoPromotionSeconds: 5 }),
    'spec.rolloutStrategy.blueGreen.autoPromotionSeconds',
    'not allowed',
    'remove one',
  ],
  [
    'an empty analysis',
    blueGreen({ prePromotionAnalysis: {} }),
    'spec.rolloutStrategy.blueGreen.prePromotionAnalysis',
    'nothing to measure',
    'templates',
  ],
];

testRefused('strategy', rows);
