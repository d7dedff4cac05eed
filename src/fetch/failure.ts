import { QueryError } from '../providers/queryError.js';

const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const NO_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA']);
const NOT_HTTP = /^(HPE_|UND_ERR_(HEADERS_OVERFLOW|RESPONSE|REQ_CONTENT|RES_CONTENT|INFO|HTTP))/;
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|PATH_LENGTH|HOSTNAME_|ERROR_IN_CERT|EPROTO)/;
const TOO_SLOW: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * What a failed request is called: by its error code alone. The texts of these errors quote addresses, headers and
 * what else was sent, so none of them is ever shown.
 */
export function failureOf(error: unknown, host: string): QueryError {
  const cause = ownError(error);
  if (cause) return cause;
  const code = codeOf(error);
  if (NO_NAME.has(code)) return new QueryError('unreachable', `${host} cannot be resolved (${code})`);
  if (NO_CONNECTION.has(code)) return new QueryError('unreachable', `no connection to ${host} (${code})`);
  if (TLS.test(code)) return new QueryError('unreachable', `TLS with ${host} failed (${code})`);
  if (TOO_SLOW.has(code)) return new QueryError('unreachable', `${host} did not answer in time`);
  if (NOT_HTTP.test(code)) return new QueryError('unreachable', `${host} does not speak HTTP (${code})`);
  if (code === 'UND_ERR_INVALID_ARG') return new QueryError('spec', 'the address or a header cannot be sent');
  return new QueryError('unreachable', `no answer from ${host}${code && ` (${code})`}`);
}

/** A refusal by the look-up reaches us inside of what undici and net make of it. */
function ownError(error: unknown): QueryError | undefined {
  if (error instanceof QueryError) return error;
  if (error instanceof AggregateError) return error.errors.map(ownError).find(own => own !== undefined);
  return error instanceof Error && error.cause !== undefined ? ownError(error.cause) : undefined;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : '';
}
