/** A judge behind a URL, as Flagger's webhooks. */
import { type Static, Type } from 'typebox';
import type { Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { shape, text, textMap } from '../schema/schema.js';
import { urlField } from './address.js';
import { value } from './exchange.js';
import {
  bodyFields,
  headersField,
  headersOf,
  insecureField,
  payloadOf,
  postJson,
  timeoutSecondsField,
  tlsField,
  tlsOf,
} from './httpFields.js';
import { defineProvider, type MeasuredRollout } from './provider.js';

const schema = shape(
  {
    url: urlField,
    headers: Type.Optional(headersField),
    ...bodyFields,
    name: Type.Optional(
      inLanguage(
        'data',
        text({
          description:
            'name in the default body, which is sent if body and jsonBody are unset. Default: the name of the StormService.',
        }),
      ),
    ),
    namespace: Type.Optional(
      inLanguage('data', text({ description: 'namespace in the default body. Default: that of the StormService.' })),
    ),
    phase: Type.Optional(
      inLanguage('data', text({ description: 'phase in the default body. Default: rolloutStatus.phase.' })),
    ),
    metadata: Type.Optional(inLanguage('data', textMap({ description: 'metadata in the default body.' }))),
    timeoutSeconds: Type.Optional(timeoutSecondsField),
    insecure: Type.Optional(insecureField),
    tls: Type.Optional(tlsField),
  },
  {
    description:
      'A POST request for which a 2xx response is a success, for example to a test runner or load generator.',
  },
);

export const webhook = defineProvider({
  name: 'webhook',
  schema,
  yields: '`{status}` of every response; without conditions, 2xx is a success',
  timeoutSeconds: ({ timeoutSeconds = 10 }) => timeoutSeconds,
  conditions: () => ({ successCondition: 'result.status >= 200 && result.status < 300' }),
  tellsRollout: true,
  ask: (spec, { rollout }) => {
    const { body, headers } = payloadOf(spec);
    const request = postJson(spec.url, flaggerPayload(spec, rollout), { ...headersOf(spec.headers), ...headers });
    return {
      request: { ...request, ...(body !== undefined && { body }), ...tlsOf(spec) },
      accepts: () => true,
      read: ({ status }) => value({ status }),
    };
  },
});

/** Flagger's fields, whose checksum tells versions apart, and those of a rollout of ours. */
function flaggerPayload(spec: Static<typeof schema>, rollout: Partial<MeasuredRollout> = {}): Json {
  const { revision, step } = rollout;
  return {
    name: spec.name ?? rollout.name ?? '',
    namespace: spec.namespace ?? rollout.namespace ?? '',
    phase: spec.phase ?? rollout.phase ?? 'Progressing',
    ...(revision !== undefined && { checksum: revision, revision }),
    ...(step !== undefined && { step }),
    metadata: spec.metadata ?? {},
  };
}
