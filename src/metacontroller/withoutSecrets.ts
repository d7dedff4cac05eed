import type { ObjectMap } from './hook.js';

/** Shorter values protect nothing, and taking each of their occurrences out would leave an unreadable text. */
const shortestSecret = 4;

/**
 * Takes every value of the related Secrets out of a text, in clear and in base64. An exception's message may quote
 * anything that it stumbled over, so it goes through here before it is logged.
 */
export function withoutSecrets(text: string, related: ObjectMap = {}): string {
  // Longest first: a short value may be a part of a long one.
  const values = secretValues(related).sort((a, b) => b.length - a.length);
  return values.reduce((result, value) => result.replaceAll(value, '[removed]'), text);
}

function secretValues(related: ObjectMap): string[] {
  const secrets = Object.values(related)
    .flatMap(group => Object.values(group))
    .filter(object => object.kind === 'Secret');
  return secrets
    .flatMap(({ data }) => Object.values(data ?? {}))
    .filter(value => typeof value === 'string')
    .flatMap(encoded => [encoded, Buffer.from(encoded, 'base64').toString('utf8').trim()])
    .filter(value => value.length >= shortestSecret);
}
