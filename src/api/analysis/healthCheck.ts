import { Type } from 'typebox';
import { checkConditions } from '../../condition/checkConditions.js';
import {
  checkProvider,
  endpointField,
  exactlyOne,
  PROVIDER_NAMES,
  unlistedProviderFields,
} from '../../providers/providers.js';
import { durationOrArg, durationSeconds } from '../../schema/duration.js';
import type { JsonObject } from '../../schema/json.js';
import type { Place } from '../../schema/place.js';
import { nameText, type Static, shape, whole } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import { checkDuration, conditionFields } from './metric.js';
import { checkInterval, checkName } from './metricChecks.js';

const DEFAULTS = { interval: 10, timeout: 5, failureThreshold: 3 } as const;

export const HealthCheckSchema = shape(
  {
    name: nameText({ description: 'Name, unique among the health checks.' }),
    interval: Type.Optional(durationOrArg({ description: 'Time between checks.', default: '10s' }, { least: 1 })),
    timeout: Type.Optional(durationOrArg({ description: 'Time after which a check fails.', default: '5s' })),
    failureThreshold: Type.Optional(
      whole({
        minimum: 1,
        maximum: 1000,
        description: 'Number of consecutive failures after which the check has failed.',
        default: 3,
      }),
    ),
    ...conditionFields,
    http: endpointField,
    ...unlistedProviderFields,
  },
  {
    description: 'A check that starts with the first pod of the new revision.',
    rules: [exactlyOne(PROVIDER_NAMES)],
  },
);

type RawHealthCheck = Static<typeof HealthCheckSchema>;

/** Checks with their defaults: interval and timeout in seconds; `http` with method and expectedStatus. */
export function readHealthChecks(raw: readonly RawHealthCheck[], place: Place): readonly JsonObject[] {
  const seen = new Set<string>();
  return raw.map((check, index) => {
    const here = place.at(index);
    if (seen.has(check.name))
      here
        .at('name')
        .refuse(`name ${show(check.name)} is already used by another check`, 'give each check a unique name');
    seen.add(check.name);
    checkName(check.name, here.at('name'));
    checkDuration(check.interval, here.at('interval'));
    checkInterval(durationSeconds(check.interval), here.at('interval'));
    checkDuration(check.timeout, here.at('timeout'));
    checkConditions(check, here);
    checkProvider(check, PROVIDER_NAMES, here);
    return withDefaults(check);
  });
}

function withDefaults(check: RawHealthCheck): JsonObject {
  return {
    ...check,
    interval: durationSeconds(check.interval) ?? DEFAULTS.interval,
    timeout: durationSeconds(check.timeout) ?? DEFAULTS.timeout,
    failureThreshold: check.failureThreshold ?? DEFAULTS.failureThreshold,
    ...(check.http && { http: { method: 'GET', expectedStatus: [200], ...check.http } }),
  };
}
