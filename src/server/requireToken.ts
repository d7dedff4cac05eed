import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { hookError } from '../schema/errors.js';
import type { TokenOrigin } from './config.js';
import { type FileValue, fileValue } from './reload.js';
import { isAuthorized, parseTokens } from './tokens.js';

/** The tokens that are currently valid; undefined if none is required. */
export function hookTokens(origin: TokenOrigin): FileValue<readonly string[]> | undefined {
  switch (origin.from) {
    case 'none':
      return undefined;
    case 'value':
      return fileValue('HOOK_TOKEN', () => parseTokens(origin.text));
    case 'file':
      return fileValue('HOOK_TOKEN_FILE', () => parseTokens(readFileSync(origin.path, 'utf8')));
    default:
      return origin satisfies never;
  }
}

/** Rejects requests to the routes of this scope without a valid token, before their bodies are read. */
export function requireToken(scope: FastifyInstance, tokens: { readonly current: readonly string[] }): void {
  scope.addHook('onRequest', async request => {
    if (!isAuthorized(request.headers.authorization, tokens.current)) throw hookError('SR2004', {});
  });
}
