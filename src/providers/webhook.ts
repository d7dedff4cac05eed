import type { Json } from '../schema/json.js';
import type { Fields } from './fields.js';
import { headersOf, payloadOf, postJson, tlsOf } from './httpFields.js';
import { type Provider, value } from './provider.js';

/**
 * A judge behind a URL, as Flagger's webhooks: a POST of `{name, namespace, phase, metadata}`, or of the given body.
 * Yields `{status}` for every answer; 2xx means that it passes. No answer at all is an error: the judge is away.
 */
export const webhook: Provider = {
  name: 'webhook',
  ask: spec => {
    const { body, headers } = payloadOf(spec);
    const url = spec.text('url');
    const request = postJson(url, flaggerPayload(spec), { ...headersOf(spec), ...headers });
    return {
      request: { ...request, ...(body !== undefined && { body }), ...tlsOf(spec) },
      accepts: () => true,
      read: ({ status }) => value({ status }),
    };
  },
  conditions: () => ({ successCondition: 'result.status >= 200 && result.status < 300' }),
  timeoutSeconds: spec => spec.optionalNumber('timeoutSeconds') ?? spec.optionalSeconds('timeout') ?? 10,
};

function flaggerPayload(spec: Fields): Json {
  return {
    name: spec.optionalText('name') ?? '',
    namespace: spec.optionalText('namespace') ?? '',
    phase: spec.optionalText('phase') ?? 'Progressing',
    metadata: Object.fromEntries(spec.entries('metadata')),
  };
}
