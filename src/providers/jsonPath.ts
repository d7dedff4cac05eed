import { createContext, Script } from 'node:vm';
import { query } from 'jsonpath-rfc9535';
import type { Json } from '../schema/json.js';
import { QueryError } from './queryError.js';

const LIMIT_MS = 100;

/**
 * A short path can take for ever: `$[*,*][*,*][*,*]…` doubles with every step, a filter can hold a regular expression.
 * The context is no protection, it only lets node:vm stop the search after a while.
 */
const context: { search: () => readonly Json[] } = { search: () => [] };
createContext(context);
const script = new Script('search()');

/**
 * What a JSONPath (RFC 9535) finds.
 * @throws QueryError when it is no such path or takes too long
 */
export function select(json: Json, path: string): readonly Json[] {
  context.search = () => query(json as Parameters<typeof query>[0], path) as readonly Json[];
  try {
    return script.runInContext(context, { timeout: LIMIT_MS }) as readonly Json[];
  } catch (error) {
    const tooSlow = isTimeout(error);
    throw new QueryError(
      'spec',
      tooSlow ? `jsonPath takes more than ${LIMIT_MS} ms in this answer` : 'jsonPath is not a JSONPath (RFC 9535)',
    );
  } finally {
    context.search = () => [];
  }
}

/** The error is one of the context's own, so no instance of our Error. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
