/** Netflix Kayenta. */
import { type Static, Type } from 'typebox';
import { toRfc3339 } from '../schema/instant.js';
import { isObject, type Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { intOrString, list, nameText, shape, text, whole } from '../schema/schema.js';
import { addressField, addressOf } from './address.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import { checkedSpec } from './checkedSpec.js';
import { type Exchange, further, type HttpResponse, value } from './exchange.js';
import { postJson } from './httpFields.js';
import { intervalSeconds } from './interval.js';
import { defineProvider, type QueryContext } from './provider.js';
import { QueryError } from './queryError.js';

const POLL_MS = 5000;

const ScopeDetailSchema = shape(
  {
    scope: inLanguage('data', text({ description: 'Scope.' })),
    region: inLanguage('data', text({ description: 'Region.' })),
    step: whole({ minimum: 1, description: 'Seconds between two data points.' }),
    interval: Type.Optional(
      inLanguage('scalar', intOrString({ description: 'Time window that ends now, if start is unset. Default 5m.' })),
    ),
    start: Type.Optional(inLanguage('data', text({ description: 'Start time, RFC 3339.' }))),
    end: Type.Optional(inLanguage('data', text({ description: 'End time, RFC 3339.' }))),
  },
  { description: 'The scope, location and time range to measure.' },
);

const ThresholdSchema = shape(
  {
    pass: whole({ maximum: 100, description: 'Minimum score that passes.' }),
    marginal: whole({ maximum: 100, description: 'Minimum score that is inconclusive instead of failed.' }),
  },
  { description: 'Thresholds for the score.' },
);

const schema = shape(
  {
    address: addressField,
    application: inLanguage('data', text({ description: 'Name of the application.' })),
    canaryConfigName: inLanguage('data', text({ description: 'Name of the canary configuration.' })),
    metricsAccountName: inLanguage('data', text({ description: 'Name of the metrics account.' })),
    configurationAccountName: inLanguage('data', text({ description: 'Name of the configuration account.' })),
    storageAccountName: inLanguage('data', text({ description: 'Name of the storage account.' })),
    threshold: ThresholdSchema,
    scopes: list(
      shape(
        {
          name: inLanguage('data', nameText({ description: 'Name.' })),
          controlScope: ScopeDetailSchema,
          experimentScope: ScopeDetailSchema,
        },
        { description: 'A pair of scopes: stable (control) and new (experiment).' },
      ),
      { minItems: 1, maxItems: 20, description: 'Scopes.' },
    ),
  },
  { description: 'Netflix Kayenta.' },
);

type Spec = Static<typeof schema>;
type ScopeDetail = Static<typeof ScopeDetailSchema>;

/** Finds the configuration, starts a judgement and waits for it. */
export const kayenta = defineProvider({
  name: 'kayenta',
  schema,
  yields: 'the score of the judgement, 0 to 100; without conditions, judged by `threshold`',
  timeoutSeconds: () => 15,
  jobSeconds: 900,
  /** As Argo Rollouts: between marginal and pass it is inconclusive. */
  conditions: written => {
    const { pass, marginal } = checkedSpec(
      'kayenta.threshold',
      ThresholdSchema,
      isObject(written) ? written['threshold'] : undefined,
    );
    return { successCondition: `result >= ${pass}`, failureCondition: `result < ${marginal}` };
  },
  ask: (spec, context) => {
    const job = jobOf(spec, context);
    const { application, configurationAccountName } = spec;
    const url = addressOf(spec.address, 'kayenta.address', '/canaryConfig', { application, configurationAccountName });
    return { request: get(url), read: response => further(start(spec, configurationId(spec, response), job)) };
  },
});

function get(url: string): Exchange['request'] {
  return { method: 'GET', url, headers: { accept: 'application/json' } };
}

function configurationId(spec: Spec, response: HttpResponse): string {
  const name = spec.canaryConfigName;
  const found = listAt(jsonOf(response)).find(configuration => at(configuration, 'name') === name);
  if (found === undefined) throw new QueryError('answer', 'Kayenta has no configuration of that canaryConfigName');
  return textAt(found, 'id');
}

function start(spec: Spec, id: string, job: Json): Exchange {
  const url = addressOf(spec.address, 'kayenta.address', `/canary/${encodeURIComponent(id)}`, {
    application: spec.application,
    metricsAccountName: spec.metricsAccountName,
    configurationAccountName: spec.configurationAccountName,
    storageAccountName: spec.storageAccountName,
  });
  return {
    request: postJson(url, job),
    read: response => further(judgement(spec, textAt(jsonOf(response), 'canaryExecutionId'))),
  };
}

function judgement(spec: Spec, id: string): Exchange {
  const exchange: Exchange = {
    request: get(addressOf(spec.address, 'kayenta.address', `/canary/${encodeURIComponent(id)}`)),
    read: response => {
      const answer = jsonOf(response);
      const complete = at(answer, 'complete');
      if (complete === false) return further(exchange, POLL_MS);
      if (complete !== true) throw new QueryError('answer', 'Kayenta does not say whether the judgement is complete');
      const score = at(answer, 'result', 'judgeResult', 'score', 'score');
      if (score === undefined) throw new QueryError('answer', 'the judgement has no score');
      return value(numberOf(score));
    },
  };
  return exchange;
}

function textAt(json: Json, name: string): string {
  const found = at(json, name);
  if (typeof found === 'string' && found !== '') return found;
  throw new QueryError('answer', `Kayenta answered without ${name}`);
}

function jobOf({ scopes, threshold }: Spec, context: QueryContext): Json {
  const windows = scopes.map(({ name, controlScope, experimentScope }) => {
    for (const bound of ['start', 'end'] as const) {
      if ((controlScope[bound] === undefined) !== (experimentScope[bound] === undefined)) {
        throw new QueryError('spec', `kayenta: set ${bound} in both scopes or in neither`);
      }
    }
    const scope = {
      controlScope: scopeDetail(controlScope, context),
      experimentScope: scopeDetail(experimentScope, context),
    };
    return [name, scope] as const;
  });
  return { scopes: Object.fromEntries(windows), thresholds: threshold };
}

function scopeDetail({ scope, region, step, interval, start, end }: ScopeDetail, { now }: QueryContext): Json {
  return {
    scope,
    location: region,
    step,
    start: start ?? toRfc3339(now - intervalSeconds(interval, 'kayenta: interval of a scope') * 1000),
    end: end ?? toRfc3339(now),
  };
}
