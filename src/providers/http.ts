import { headersOf, tlsOf } from './httpFields.js';
import { type Provider, value } from './provider.js';
import { QueryError } from './queryError.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT'] as const;

/**
 * The plain endpoint check: `{url, method, headers, timeoutSeconds, insecure, tls}`. Yields `{status}` for every
 * answer and `{status: 0}` when none comes, because then the check has failed and not the metrics system. A redirect
 * is an answer: none is followed.
 */
export const http: Provider = {
  name: 'http',
  ask: spec => {
    const written = spec.optionalText('method') ?? 'GET';
    const method = METHODS.find(known => known === written);
    if (method === undefined) throw new QueryError('spec', `http.method is not one of ${METHODS.join(', ')}`);
    return {
      request: { method, url: spec.text('url'), headers: headersOf(spec), ...tlsOf(spec), wants: 'status' },
      accepts: () => true,
      read: ({ status }) => value({ status }),
      unreachable: { status: 0 },
    };
  },
  timeoutSeconds: spec => spec.optionalNumber('timeoutSeconds'),
};
