import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Bearer tokens, separated by commas or lines: two of them are valid while one is being replaced by the other.
 * @throws when there is none, or one that no HTTP header could carry.
 */
export function parseTokens(text: string): readonly string[] {
  const tokens = text
    .split(/[,\n]/)
    .map(token => token.trim())
    .filter(token => token !== '');
  if (tokens.length === 0) throw new Error('it holds no token');
  if (tokens.some(token => !/^[\x21-\x7e]+$/.test(token)))
    throw new Error('a token has a blank or a special character');
  return tokens;
}

/**
 * Whether an Authorization header carries one of the tokens. Takes the same time whichever token is right and however
 * much of it: what is compared are digests of equal length, and all of them.
 */
export function isAuthorized(header: string | undefined, tokens: readonly string[]): boolean {
  const given = digest(/^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '');
  return tokens.map(token => timingSafeEqual(given, digest(token))).includes(true);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
