/** All providers by the key under which they stand in `provider`, and what no schema can say about them. */
import { type TOptional, type TSchema, Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { type Rule, unlisted } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import { CloudWatchSchema } from './cloudWatch.js';
import { DatadogSchema } from './datadog.js';
import { KayentaSchema } from './kayenta.js';
import { PrometheusSchema } from './prometheus.js';
import {
  DynatraceSchema,
  GraphiteSchema,
  InfluxdbSchema,
  NewRelicSchema,
  SkyWalkingSchema,
  WavefrontSchema,
} from './queries.js';
import { WebhookSchema, WebSchema } from './web.js';

export const providerFields = {
  prometheus: Type.Optional(PrometheusSchema),
  web: Type.Optional(WebSchema),
  webhook: Type.Optional(WebhookSchema),
  datadog: Type.Optional(DatadogSchema),
  newRelic: Type.Optional(NewRelicSchema),
  cloudWatch: Type.Optional(CloudWatchSchema),
  graphite: Type.Optional(GraphiteSchema),
  influxdb: Type.Optional(InfluxdbSchema),
  wavefront: Type.Optional(WavefrontSchema),
  skywalking: Type.Optional(SkyWalkingSchema),
  kayenta: Type.Optional(KayentaSchema),
  dynatrace: Type.Optional(DynatraceSchema),
} satisfies Record<string, TOptional<TSchema>>;

/** The same, any object for the CRD. */
export const unlistedProviderFields = Object.fromEntries(
  Object.entries(providerFields).map(([name, schema]) => [name, Type.Optional(unlisted(schema))]),
) as typeof providerFields;

export const providerNames: readonly string[] = Object.keys(providerFields);

/** CEL: exactly one of these fields of `self` is there. */
export function exactlyOne(names: readonly string[], message: string): Rule {
  return { rule: `[${names.map(name => `has(self.${name})`).join(', ')}].filter(x, x).size() == 1`, message };
}

export const exactlyOneProvider = exactlyOne(providerNames, `write exactly one of ${providerNames.join(', ')}`);

/** `provider` holds one provider; its addresses can be called. */
export function checkProvider(provider: Readonly<Record<string, unknown>>, place: Place): void {
  const written = Object.keys(provider);
  if (written.length !== 1) {
    place.refuse(
      written.length === 0 ? 'there is no provider' : `${written.join(' and ')} are both written`,
      `write exactly one of ${providerNames.join(', ')}`,
    );
  }
  for (const name of written) checkAddresses(name, provider[name], place.at(name));
}

/** Argo Rollouts takes a host without a scheme here. */
const TAKES_HOSTS = 'wavefront';

/** Refuses an address or url that is not http or https. One with arguments is checked when they are known. */
export function checkAddresses(provider: string, config: unknown, place: Place): void {
  if (provider === TAKES_HOSTS || typeof config !== 'object' || config === null) return;
  for (const field of ['address', 'url'] as const) {
    const address = (config as Readonly<Record<string, unknown>>)[field];
    if (typeof address !== 'string' || address.includes('{{')) continue;
    if (isHttpUrl(address)) continue;
    place
      .at(field)
      .refuse(`${show(address)} is not an http or https URL`, 'write it in full, for example http://host:9090');
  }
}

function isHttpUrl(address: string): boolean {
  return /^https?:\/\/[^/]/i.test(address) && URL.canParse(address);
}
