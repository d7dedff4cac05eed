/**
 * Why a query has no value:
 * - `spec`: it cannot be asked as it is written
 * - `refused`: its address may not be reached
 * - `unreachable`: no answer came (connection, TLS, time-out)
 * - `status`: the answer is an HTTP error
 * - `answer`: the answer cannot be understood
 * - `busy`: it was not asked, because of our own limits; nobody's error
 */
export type QueryErrorKind = 'spec' | 'refused' | 'unreachable' | 'status' | 'answer' | 'busy';

/**
 * The only error that leaves a query. Its message is made of our own words, field names, host names, HTTP codes and
 * error codes, so that it may stand in status: never of a body, a header, a query string or another error's text.
 */
export class QueryError extends Error {
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string) {
    super(message);
    this.name = 'QueryError';
    this.kind = kind;
  }
}
