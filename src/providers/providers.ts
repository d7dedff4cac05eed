/** The registry: every provider under its key in a metric's `provider`. */
import { type TOptional, Type } from 'typebox';
import { fields, type JsonObject } from '../schema/json.js';
import type { Place } from '../schema/place.js';
import { type Rule, unlisted } from '../schema/schema.js';
import { show } from '../schema/show.js';
import { cloudWatch } from './cloudWatch.js';
import { datadog } from './datadog.js';
import { dynatrace } from './dynatrace.js';
import { graphite } from './graphite.js';
import { http } from './http.js';
import { influxdb } from './influxdb.js';
import { kayenta } from './kayenta.js';
import { newRelic } from './newRelic.js';
import { prometheus } from './prometheus.js';
import type { ImpliedConditions, Provider, Query } from './provider.js';
import { QueryError } from './queryError.js';
import { skywalking } from './skywalking.js';
import { wavefront } from './wavefront.js';
import { web } from './web.js';
import { webhook } from './webhook.js';

/** What a metric may name. */
const METRIC_PROVIDERS = {
  prometheus,
  web,
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
} as const;

/** What a health check may name. */
const PROVIDERS = { http, ...METRIC_PROVIDERS } as const;

type Providers = typeof PROVIDERS;
type MetricProviders = typeof METRIC_PROVIDERS;
export type ProviderName = keyof Providers;

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[];
export const METRIC_PROVIDER_NAMES = Object.keys(METRIC_PROVIDERS) as readonly (keyof MetricProviders)[];

type ProviderFields = { readonly [Name in keyof MetricProviders]: TOptional<MetricProviders[Name]['schema']> };

/** The fields of a metric's `provider`. */
export const providerFields = Object.fromEntries(
  Object.entries(METRIC_PROVIDERS).map(([name, { schema }]) => [name, Type.Optional(schema)]),
) as ProviderFields;

/** The same, any object for the CRD. */
export const unlistedProviderFields = Object.fromEntries(
  Object.entries(METRIC_PROVIDERS).map(([name, { schema }]) => [name, Type.Optional(unlisted(schema))]),
) as ProviderFields;

/** One of these as it is, whatever its schema. */
export function providerFor(name: ProviderName): Provider {
  return PROVIDERS[name];
}

export const endpointField = Type.Optional(http.schema);

/** CEL: exactly one of these fields of `self` is there. */
export function exactlyOne(names: readonly string[]): Rule {
  return {
    rule: `[${names.map(name => `has(self.${name})`).join(', ')}].filter(x, x).size() == 1`,
    message: `exactly one of ${names.join(', ')} is required`,
  };
}

/** One of `names` is written in `written`; its addresses can be called. */
export function checkProvider(
  written: Readonly<Record<string, unknown>>,
  names: readonly ProviderName[],
  place: Place,
): void {
  const found = names.filter(name => Object.hasOwn(written, name));
  if (found.length !== 1) {
    place.refuse(
      found.length === 0 ? 'no provider is set' : `${found.join(' and ')} are mutually exclusive`,
      `set exactly one of ${names.join(', ')}`,
    );
  }
  for (const name of found) checkAddresses(name, fields(written[name]), place.at(name));
}

/** Refuses an address or url that is not http or https. One with arguments is checked when they are known. */
function checkAddresses(name: ProviderName, spec: Readonly<Record<string, unknown>>, place: Place): void {
  if (PROVIDERS[name].acceptsHost) return;
  for (const field of ['address', 'url']) {
    const address = spec[field];
    if (typeof address !== 'string' || address.includes('{{') || isHttpUrl(address)) continue;
    place
      .at(field)
      .refuse(`${show(address)} is not an http or https URL`, 'use a complete URL, for example http://host:9090');
  }
}

function isHttpUrl(address: string): boolean {
  return /^https?:\/\/[^/]/i.test(address) && URL.canParse(address);
}

/**
 * The name under which a metric has its provider: `{ prometheus: {…} }`.
 * @throws QueryError when it has none or several
 */
export function providerNameOf(named: JsonObject): ProviderName {
  const [written, ...others] = Object.keys(named).filter(key => named[key] !== undefined);
  const name = PROVIDER_NAMES.find(known => known === written);
  if (name === undefined || others.length > 0) {
    throw new QueryError('spec', `provider must be exactly one of ${METRIC_PROVIDER_NAMES.join(', ')}`);
  }
  return name;
}

/** @throws QueryError when it cannot be asked as it is written */
export function queryOf(named: JsonObject): Query {
  const name = providerNameOf(named);
  return PROVIDERS[name].query(named[name]);
}

/** The Secret, in the StormService's namespace, whose data a provider needs; undefined when it needs none. */
export function secretNameOf(named: JsonObject): string | undefined {
  const name = providerNameOf(named);
  return PROVIDERS[name].secretName(named[name]);
}

/**
 * Whether its requests tell of the rollout.
 * @throws QueryError when it has no provider or several
 */
export function tellsRollout(named: JsonObject): boolean {
  return PROVIDERS[providerNameOf(named)].tellsRollout;
}

/**
 * Conditions of a metric that is written without any: a score or a judge's answer that passes by itself is no gate.
 * @throws QueryError when they cannot be read
 */
export function impliedConditions(named: JsonObject): ImpliedConditions {
  const name = providerNameOf(named);
  return PROVIDERS[name].conditions(named[name]);
}
