import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Bearer tokens, separated by commas or newlines: both the old and the new one are valid during a rotation.
 * @throws if there is none, or one that is not valid in an HTTP header.
 */
export function parseTokens(text: string): readonly string[] {
  const tokens = text
    .split(/[,\n]/)
    .map(token => token.trim())
    .filter(token => token !== '');
  if (tokens.length === 0) throw new Error('it contains no token');
  if (tokens.some(token => !/^[\x21-\x7e]+$/.test(token)))
    throw new Error('a token contains a blank or a special character');
  return tokens;
}

/**
 * Whether an Authorization header contains one of the tokens. Runs in constant time: digests of equal length are
 * compared, and all of them.
 */
export function isAuthorized(header: string | undefined, tokens: readonly string[]): boolean {
  const given = digest(/^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '');
  return tokens.map(token => timingSafeEqual(given, digest(token))).includes(true);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
