import { toRfc3339 } from '../schema/instant.js';
import type { Json } from '../schema/json.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import type { Fields } from './fields.js';
import { postJson } from './httpFields.js';
import { type Exchange, further, type HttpResponse, type Provider, type QueryContext, value } from './provider.js';
import { QueryError } from './queryError.js';

const POLL_MS = 5000;

/**
 * `{address, application, canaryConfigName, metricsAccountName, configurationAccountName, storageAccountName,
 * threshold, scopes, interval}`: finds the configuration, starts a judgement and waits for it. Yields the score,
 * 0 to 100. A scope without start and end covers the last `interval` (5 minutes).
 */
export const kayenta: Provider = {
  name: 'kayenta',
  ask: (spec, context) => {
    const job = jobOf(spec, context);
    const query = {
      application: spec.text('application'),
      configurationAccountName: spec.text('configurationAccountName'),
    };
    return {
      request: get(spec.url('address', '/canaryConfig', query)),
      read: response => further(start(spec, configurationId(spec, response), job)),
    };
  },
  /** As Argo Rollouts: between marginal and pass it is inconclusive. */
  conditions: spec => {
    const { pass, marginal } = thresholds(spec);
    return { successCondition: `result >= ${pass}`, failureCondition: `result < ${marginal}` };
  },
  timeoutSeconds: () => 15,
  jobSeconds: 900,
};

function get(url: string): Exchange['request'] {
  return { method: 'GET', url, headers: { accept: 'application/json' } };
}

function configurationId(spec: Fields, response: HttpResponse): string {
  const name = spec.text('canaryConfigName');
  const found = listAt(jsonOf(response)).find(configuration => at(configuration, 'name') === name);
  if (found === undefined) throw new QueryError('answer', 'Kayenta has no configuration of that canaryConfigName');
  return textAt(found, 'id');
}

function start(spec: Fields, id: string, job: Json): Exchange {
  const url = spec.url('address', `/canary/${encodeURIComponent(id)}`, {
    application: spec.text('application'),
    metricsAccountName: spec.text('metricsAccountName'),
    configurationAccountName: spec.text('configurationAccountName'),
    storageAccountName: spec.text('storageAccountName'),
  });
  return {
    request: postJson(url, job),
    read: response => further(judgement(spec, textAt(jsonOf(response), 'canaryExecutionId'))),
  };
}

function judgement(spec: Fields, id: string): Exchange {
  const exchange: Exchange = {
    request: get(spec.url('address', `/canary/${encodeURIComponent(id)}`)),
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

function jobOf(spec: Fields, context: QueryContext): Json {
  const scopes = spec.objects('scopes').map(scope => {
    const [control, experiment] = [scope.optionalObject('controlScope'), scope.optionalObject('experimentScope')];
    if (!control || !experiment)
      throw new QueryError('spec', 'a scope of kayenta needs controlScope and experimentScope');
    for (const bound of ['start', 'end']) {
      if (control.has(bound) !== experiment.has(bound)) {
        throw new QueryError('spec', `kayenta: ${bound} is set in both scopes or in none`);
      }
    }
    const windowed = (detail: Fields) => scopeDetail(detail, spec, context);
    return [scope.text('name'), { controlScope: windowed(control), experimentScope: windowed(experiment) }] as const;
  });
  return {
    scopes: Object.fromEntries(scopes),
    thresholds: thresholds(spec),
  };
}

function thresholds(spec: Fields): { readonly pass: number; readonly marginal: number } {
  const threshold = spec.optionalObject('threshold');
  return { pass: threshold?.optionalNumber('pass') ?? 0, marginal: threshold?.optionalNumber('marginal') ?? 0 };
}

function scopeDetail(detail: Fields, spec: Fields, { now }: QueryContext): Json {
  return {
    scope: detail.text('scope'),
    location: detail.text('region'),
    step: detail.optionalNumber('step') ?? 60,
    start: detail.optionalText('start') ?? toRfc3339(now - (spec.optionalSeconds('interval') ?? 300) * 1000),
    end: detail.optionalText('end') ?? toRfc3339(now),
  };
}
