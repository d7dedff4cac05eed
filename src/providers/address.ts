/** Where a provider is called. */
import { inLanguage } from '../schema/language.js';
import { text } from '../schema/schema.js';
import { QueryError } from './queryError.js';

export const addressField = inLanguage(
  'url',
  text({
    minLength: 1,
    maxLength: 2048,
    description: 'Base URL of the server, for example http://prometheus.monitoring:9090.',
  }),
);

export const urlField = inLanguage(
  'url',
  text({ minLength: 1, maxLength: 2048, description: 'HTTP or HTTPS URL to call.' }),
);

/**
 * A path below an address that the user wrote, with or without a path of its own.
 * @throws QueryError that calls the address by `label`
 */
export function addressOf(
  address: string,
  label: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  if (!URL.canParse(address)) throw new QueryError('spec', `${label} is not a URL`);
  const url = new URL(address);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url.href;
}
