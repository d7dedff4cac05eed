import { createContext, Script } from 'node:vm';
import { query } from 'jsonpath-rfc9535';
import type { Json } from '../schema/json.js';
import { QueryError } from './queryError.js';

/** Of processor time. */
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
  const start = process.cpuUsage();
  try {
    for (;;) {
      const found = attempt();
      if (found !== undefined) return found;
      // On a busy machine most of the wall time may be that of others.
      const { user, system } = process.cpuUsage(start);
      if (user + system >= LIMIT_MS * 1000) {
        throw new QueryError('spec', `jsonPath takes more than ${LIMIT_MS} ms in this answer`);
      }
    }
  } finally {
    context.search = () => [];
  }
}

/** Undefined when it was stopped. */
function attempt(): readonly Json[] | undefined {
  try {
    return script.runInContext(context, { timeout: LIMIT_MS }) as readonly Json[];
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw new QueryError('spec', 'jsonPath is not a JSONPath (RFC 9535)');
  }
}

/** The error is one of the context's own, so no instance of our Error. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
