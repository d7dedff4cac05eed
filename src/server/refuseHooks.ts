import type { FastifyInstance } from 'fastify';
import { hookError } from '../schema/errors.js';
import { isMadeByHook } from '../schema/via.js';

/**
 * Refuses requests that a hook made: an author of a StormService could otherwise have the hook read its own metrics and
 * call itself, by whatever name or address it can be reached.
 */
export function refuseHooks(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers }) => {
    if (isMadeByHook(headers.via)) throw hookError('SR2011', {});
  });
}
