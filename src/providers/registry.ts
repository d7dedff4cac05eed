import type { JsonObject } from '../schema/json.js';
import { cloudWatch } from './cloudWatch.js';
import { datadog } from './datadog.js';
import { dynatrace } from './dynatrace.js';
import { Fields } from './fields.js';
import { graphite } from './graphite.js';
import { http } from './http.js';
import { influxdb } from './influxdb.js';
import { kayenta } from './kayenta.js';
import { newRelic } from './newRelic.js';
import { prometheus } from './prometheus.js';
import type { ImpliedConditions, Provider } from './provider.js';
import { QueryError } from './queryError.js';
import { skywalking } from './skywalking.js';
import { wavefront } from './wavefront.js';
import { web } from './web.js';
import { webhook } from './webhook.js';

export const providers: readonly Provider[] = [
  prometheus,
  web,
  http,
  webhook,
  datadog,
  newRelic,
  cloudWatch,
  graphite,
  influxdb,
  wavefront,
  skywalking,
  kayenta,
  dynatrace,
];

export interface ChosenProvider {
  readonly provider: Provider;
  readonly spec: Fields;
}

/**
 * Which provider a metric names: `{ prometheus: {…} }`.
 * @throws QueryError when it names none or several
 */
export function chooseProvider(named: JsonObject): ChosenProvider {
  const names = Object.keys(named).filter(name => named[name] !== undefined);
  const [name] = names;
  const provider = providers.find(known => known.name === name);
  if (name === undefined || provider === undefined || names.length > 1) {
    throw new QueryError('spec', `provider must be exactly one of ${providers.map(known => known.name).join(', ')}`);
  }
  return { provider, spec: new Fields(named[name], name) };
}

/** The Secret, in the StormService's namespace, whose data a provider needs; undefined when it needs none. */
export function secretNameOf(named: JsonObject): string | undefined {
  const { provider, spec } = chooseProvider(named);
  return provider.secretName?.(spec);
}

/** Conditions of a metric that is written without any: a score or a judge's answer that passes by itself is no gate. */
export function impliedConditions(named: JsonObject): ImpliedConditions {
  const { provider, spec } = chooseProvider(named);
  return provider.conditions?.(spec) ?? {};
}
