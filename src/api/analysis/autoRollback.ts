import { Type } from 'typebox';
import { DURATION_FORMS, durationField, durationSeconds } from '../../schema/duration.js';
import { intOrPercentField, readIntOrPercent } from '../../schema/intOrPercent.js';
import type { Place } from '../../schema/place.js';
import { flag, list, type Static, shape, whole } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { AutoRollback } from '../spec.js';
import { HealthCheckSchema, readHealthChecks } from './healthCheck.js';

export const AutoRollbackSchema = shape(
  {
    enabled: Type.Optional(
      flag({
        description: 'Whether to roll back automatically. If false, the other fields have no effect.',
        default: true,
      }),
    ),
    onFailure: Type.Optional(
      shape(
        {
          analysisFailure: Type.Optional(flag({ description: 'Roll back when an analysis fails.', default: true })),
          healthCheckFailure: Type.Optional(
            flag({ description: 'Roll back when a health check fails.', default: true }),
          ),
          errorThreshold: Type.Optional(
            intOrPercentField({
              description:
                'Number (5) or percentage ("10%", from the tenth on) of all measurements and checks of this rollout that may fail or error.',
            }),
          ),
        },
        { description: 'Failures that trigger a rollback.' },
      ),
    ),
    onTimeout: Type.Optional(
      durationField({
        description: 'Maximum duration of the whole rollout ("1h"), not counting time spent at manual gates.',
      }),
    ),
    healthChecks: Type.Optional(
      list(HealthCheckSchema, { maxItems: 20, key: 'name', description: 'Checks that run throughout the rollout.' }),
    ),
    bakeSeconds: Type.Optional(
      whole({
        description: 'Seconds after promotion during which health checks continue and the old pods are kept.',
        default: 0,
      }),
    ),
  },
  { description: 'Automatic rollback.' },
);

export function readAutoRollback(raw: Static<typeof AutoRollbackSchema>, place: Place): AutoRollback {
  const { enabled = true, onFailure = {}, healthChecks = [], bakeSeconds = 0 } = raw;
  const errorThreshold = readIntOrPercent(onFailure.errorThreshold, place.at('onFailure', 'errorThreshold'));
  const timeoutSeconds = durationSeconds(raw.onTimeout);
  if (raw.onTimeout !== undefined && timeoutSeconds === undefined) {
    place.at('onTimeout').refuse(`${show(raw.onTimeout)} is not a duration`, DURATION_FORMS);
  }
  return {
    enabled,
    onAnalysisFailure: onFailure.analysisFailure ?? true,
    onHealthCheckFailure: onFailure.healthCheckFailure ?? true,
    ...(errorThreshold === undefined ? {} : { errorThreshold }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    healthChecks: readHealthChecks(healthChecks, place.at('healthChecks')),
    bakeSeconds,
  };
}
