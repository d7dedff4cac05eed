import { Type } from 'typebox';
import { checkConditions } from '../../condition/checkConditions.js';
import { checkProvider, exactlyOne, METRIC_PROVIDER_NAMES, providerFields } from '../../providers/providers.js';
import { durationOrArg, durationSeconds } from '../../schema/duration.js';
import { inLanguage } from '../../schema/language.js';
import type { Place } from '../../schema/place.js';
import { intOrString, nameText, type Static, serverChecked, shape, text, unlisted } from '../../schema/schema.js';
import { uniqueNames } from '../../schema/uniqueNames.js';
import {
  checkEnds,
  checkLimits,
  checkName,
  integerOf,
  type Limits,
  METRIC_NAME_CHECKS,
  refuseWhole,
  secondsOf,
} from './metricChecks.js';

function limit(description: string, least: 0 | -1 = 0) {
  const pattern = `${least === 0 ? '^\\d+$' : '^(-1|\\d+)$'}|\\{\\{`;
  return Type.Optional(inLanguage('scalar', serverChecked(intOrString({ description }), { minimum: least, pattern })));
}

export const conditionFields = {
  successCondition: Type.Optional(
    inLanguage(
      'cel',
      text({ description: 'CEL expression over `result`; true means success, for example `result >= 0.95`.' }),
    ),
  ),
  failureCondition: Type.Optional(
    inLanguage('cel', text({ description: 'CEL expression over `result`; true means failure.' })),
  ),
};

export const ProviderSchema = shape(providerFields, {
  description: 'Source of the measurements: exactly one provider.',
  rules: [exactlyOne(METRIC_PROVIDER_NAMES)],
});

/** What a rule would say, for a provider that CEL cannot see. */
const ONE_PROVIDER = { maxProperties: 1, oneOf: METRIC_PROVIDER_NAMES.map(name => ({ required: [name] })) };

/** Argo Rollouts' metric, field by field, without its provider. */
const metricFields = {
  name: inLanguage(
    'data',
    serverChecked(nameText({ description: 'Name, unique within the list.' }), METRIC_NAME_CHECKS),
  ),
  interval: Type.Optional(
    inLanguage(
      'scalar',
      durationOrArg(
        { description: 'Time between measurements ("30s"). If unset, one measurement is made.' },
        { least: 1 },
      ),
    ),
  ),
  initialDelay: Type.Optional(
    inLanguage('scalar', durationOrArg({ description: 'Delay before the first measurement ("1m").' })),
  ),
  count: limit('Number of measurements. Default 1; unlimited if interval is set.'),
  ...conditionFields,
  failureLimit: limit('Number of failed measurements to tolerate; -1 means any number. Default 0.', -1),
  inconclusiveLimit: limit('Number of inconclusive measurements to tolerate. Default 0.'),
  consecutiveErrorLimit: limit('Number of consecutive errors to tolerate. Default 4.'),
  consecutiveSuccessLimit: limit('Number of consecutive successes that is sufficient; 0 disables this. Default 0.'),
};

/** Numbers that are written as such: those in args are known later. */
const METRIC = {
  description: 'A metric and the conditions that judge it.',
  rules: [
    {
      rule: 'has(self.interval) || !has(self.count) || type(self.count) != int || self.count <= 1',
      message: 'a count above 1 requires an interval',
    },
    {
      rule: 'has(self.interval) || !has(self.consecutiveSuccessLimit) || type(self.consecutiveSuccessLimit) != int || self.consecutiveSuccessLimit <= 1',
      message: 'a consecutiveSuccessLimit above 1 requires an interval',
    },
    {
      rule: '!has(self.failureLimit) || type(self.failureLimit) != int || self.failureLimit != -1 || (has(self.consecutiveSuccessLimit) && (type(self.consecutiveSuccessLimit) != int || self.consecutiveSuccessLimit != 0))',
      message: 'failureLimit -1 requires a consecutiveSuccessLimit, or the metric could never fail',
    },
    {
      rule: '!has(self.count) || type(self.count) != int || self.count == 0 || !has(self.inconclusiveLimit) || type(self.inconclusiveLimit) != int || int(self.inconclusiveLimit) <= int(self.count)',
      message: 'inconclusiveLimit must be at most count',
    },
    {
      rule: '!has(self.count) || type(self.count) != int || self.count == 0 || (has(self.failureLimit) && type(self.failureLimit) == int && self.failureLimit > 0 ? int(self.failureLimit) : 0) + (has(self.consecutiveSuccessLimit) && type(self.consecutiveSuccessLimit) == int ? int(self.consecutiveSuccessLimit) : 0) <= int(self.count)',
      message: 'count must be at least failureLimit and consecutiveSuccessLimit together',
    },
  ],
};

export const MetricSchema = shape({ ...metricFields, provider: ProviderSchema }, METRIC);

/** A metric inside a StormService, whose CRD would grow too large to apply if it held every provider in every place. */
export const InlineMetricSchema = shape(
  { ...metricFields, provider: serverChecked(unlisted(ProviderSchema), ONE_PROVIDER) },
  METRIC,
);

type RawMetric = Static<typeof MetricSchema>;

export function checkMetrics(metrics: readonly RawMetric[], place: Place): void {
  const checkUnique = uniqueNames('metrics', 'metric');
  metrics.forEach((metric, index) => {
    const here = place.at(index);
    checkUnique(metric.name, index, here.at('name'));
    checkMetric(metric, here);
  });
}

function checkMetric(metric: RawMetric, place: Place): void {
  const before = place.count;
  checkName(metric.name, place.at('name'));
  checkDuration(metric.interval, place.at('interval'));
  checkDuration(metric.initialDelay, place.at('initialDelay'));
  checkLimit(metric.count, 0, place.at('count'));
  checkLimit(metric.failureLimit, -1, place.at('failureLimit'));
  checkLimit(metric.inconclusiveLimit, 0, place.at('inconclusiveLimit'));
  checkLimit(metric.consecutiveErrorLimit, 0, place.at('consecutiveErrorLimit'));
  checkLimit(metric.consecutiveSuccessLimit, 0, place.at('consecutiveSuccessLimit'));
  const limits = limitsOf(metric);
  if (limits !== undefined && place.count === before) checkLimits(limits, place);
  checkConditions(metric, place);
  checkProvider(metric.provider, METRIC_PROVIDER_NAMES, place.at('provider'));
}

/** A rollout that waits for these metrics must not wait for ever. */
export function checkMetricsEnd(metrics: readonly RawMetric[], place: Place): void {
  metrics.forEach((metric, index) => {
    const limits = limitsOf(metric);
    if (limits !== undefined) checkEnds(metric.name, limits, place.at(index));
  });
}

/** Its counts and limits with their defaults; undefined where one is an argument or is none. */
function limitsOf(metric: RawMetric): Limits | undefined {
  const { count, failureLimit, inconclusiveLimit, consecutiveSuccessLimit } = metric;
  const numbers = [count, failureLimit, inconclusiveLimit, consecutiveSuccessLimit].map(limit => Number(limit ?? 0));
  const interval = metric.interval === undefined ? undefined : durationSeconds(metric.interval);
  if (!numbers.every(Number.isSafeInteger) || (metric.interval !== undefined && interval === undefined)) {
    return undefined;
  }
  const [counted = 0, failures = 0, inconclusive = 0, successes = 0] = numbers;
  return {
    ...(counted > 0 && { count: counted }),
    ...(interval !== undefined && { interval }),
    failureLimit: failures,
    inconclusiveLimit: inconclusive,
    consecutiveSuccessLimit: successes,
  };
}

/** Holds an argument, whose value is only known when the template is used. */
function isTemplated(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

export function checkDuration(value: number | string | undefined, place: Place): void {
  if (value !== undefined && !isTemplated(value)) secondsOf(value, place);
}

function checkLimit(value: number | string | undefined, least: number, place: Place): void {
  if (value === undefined || isTemplated(value)) return;
  if (!(Number(integerOf(value)) >= least)) refuseWhole(value, least, place);
}
