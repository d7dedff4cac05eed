import type { Json } from '../schema/json.js';
import { readPath } from '../schema/jsonPath.js';
import { QueryError } from './queryError.js';

/**
 * What a JSONPath (RFC 9535) of a bounded form finds.
 * @throws QueryError when it is of another form, or the answer is too large for it
 */
export function select(json: Json, written: string): readonly Json[] {
  const read = readPath(written);
  if (!read.ok) throw new QueryError('spec', `jsonPath ${read.problem}`);
  const found = read.path.select(json);
  if (found === undefined) {
    throw new QueryError(
      'answer',
      'the answer is too large or too deeply nested for jsonPath; name more of its fields',
    );
  }
  return found;
}
