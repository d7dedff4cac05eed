import { type Row, testRefused } from '../../../test/api/refused.js';
import { canary, metric, stepMetric, steps } from '../../../test/api/specs.js';

const STEP = 'spec.rolloutStrategy.canary.steps[0]';
const METRIC = `${STEP}.analysis.metrics[0]`;

const rows: readonly Row[] = [
  ['nothing to measure', steps({ analysis: {} }), `${STEP}.analysis`, 'nothing to measure', 'templateName'],
  [
    'a template without a name',
    steps({ analysis: { templates: [{}] } }),
    `${STEP}.analysis.templates[0]`,
    'templateName is required',
    'set templateName',
  ],
  [
    'one template twice',
    steps({ analysis: { templates: [{ templateName: 'a' }, { templateName: 'a' }] } }),
    `${STEP}.analysis.templates[1].templateName`,
    'twice',
    'once',
  ],
  [
    'a starting step that is none',
    canary({ steps: [{ setWeight: 5 }], analysis: { templates: [{ templateName: 'a' }], startingStep: 2 } }),
    'spec.rolloutStrategy.canary.analysis.startingStep',
    '2 is beyond the last step; the number of steps is 1',
    'use 0 to 1; 1 starts the analysis after the last step',
  ],
  ['no provider', stepMetric({ provider: {} }), `${METRIC}.provider`, 'no provider', 'prometheus'],
  [
    'two providers',
    stepMetric({
      provider: { graphite: { address: 'http://a', query: 'b' }, prometheus: { address: 'http://a', query: 'b' } },
    }),
    `${METRIC}.provider`,
    'mutually exclusive',
    'exactly one',
  ],
  [
    'a provider that does not exist',
    stepMetric({ provider: { promethus: {} } }),
    `${METRIC}.provider.promethus`,
    'unknown field',
    'did you mean prometheus',
  ],
  [
    'a query that is missing',
    stepMetric({ provider: { prometheus: { address: 'http://a' } } }),
    `${METRIC}.provider.prometheus.query`,
    'required',
    'add query',
  ],
  [
    'an address without a scheme',
    stepMetric({ provider: { prometheus: { address: 'prometheus:9090', query: 'up' } } }),
    `${METRIC}.provider.prometheus.address`,
    'http',
    'complete URL',
  ],
  [
    'a condition that is a boolean',
    stepMetric({ successCondition: true }),
    `${METRIC}.successCondition`,
    'boolean',
    '"true"',
  ],
  ['an interval that is none', stepMetric({ interval: '1 minute' }), `${METRIC}.interval`, '1 minute', '5m'],
  [
    'an initialDelay that is none',
    stepMetric({ initialDelay: 'soon' }),
    `${METRIC}.initialDelay`,
    '"soon"',
    'duration',
  ],
  ['several measurements without an interval', stepMetric({ count: 5 }), `${METRIC}.count`, 'interval', '1m'],
  [
    'limits that the count cannot reach',
    stepMetric({ count: 2, interval: '1m', failureLimit: 3 }),
    `${METRIC}.count`,
    '2 is too few to reach',
    'at least 3',
  ],
  [
    'more inconclusive measurements than there are',
    stepMetric({ count: '2', interval: '1m', inconclusiveLimit: '3' }),
    `${METRIC}.inconclusiveLimit`,
    'exceeds count 2',
    'at most 2',
  ],
  ['a metric that cannot fail', stepMetric({ failureLimit: -1 }), `${METRIC}.failureLimit`, 'can never fail', 'limits'],
  [
    'successes in a row of a single measurement',
    stepMetric({ consecutiveSuccessLimit: 3 }),
    `${METRIC}.consecutiveSuccessLimit`,
    '3 consecutive successes require an interval',
    '1m',
  ],
  ['an interval of nothing', stepMetric({ count: 2, interval: 0 }), `${METRIC}.interval`, 'must not be 0', '1s'],
  ['a step that never ends', stepMetric({ interval: '1m' }), METRIC, 'never ends', 'count'],
  ['a name on two lines', stepMetric({ name: 'a\nb' }), `${METRIC}.name`, 'not a valid metric name', 'one line'],
  [
    'an argument that nobody gives',
    stepMetric({ count: '{{args.count}}', interval: '1m' }),
    METRIC,
    '{{args.count}} is not defined',
    'declare it',
  ],
  ['a limit below -1', stepMetric({ failureLimit: -2 }), `${METRIC}.failureLimit`, '-2', 'or more'],
  [
    'two metrics of one name',
    steps({ analysis: { metrics: [metric(), metric()] } }),
    `${STEP}.analysis.metrics[1].name`,
    'metrics[0]',
    'unique name',
  ],
  [
    'an argument with value and valueFrom',
    steps({
      analysis: {
        templates: [{ templateName: 'a' }],
        args: [{ name: 'x', value: '1', valueFrom: { podTemplateHashValue: 'Latest' } }],
      },
    }),
    `${STEP}.analysis.args[0]`,
    'both',
    'remove one',
  ],
  [
    'an argument that is a number',
    steps({ analysis: { templates: [{ templateName: 'a' }], args: [{ name: 'x', value: 1 }] } }),
    `${STEP}.analysis.args[0].value`,
    'number',
    '"1"',
  ],
  [
    'a source that does not exist',
    steps({ analysis: { templates: [{ templateName: 'a' }], args: [{ name: 'x', valueFrom: {} }] } }),
    `${STEP}.analysis.args[0].valueFrom`,
    'one source',
    'exactly one',
  ],
  ['a limit of minus nothing', stepMetric({ failureLimit: '-0' }), `${METRIC}.failureLimit`, '"-0"', 'or more'],
];

testRefused('analysis', rows);
