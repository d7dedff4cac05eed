import { QueryError } from '../providers/queryError.js';
import type { Json } from '../schema/json.js';
import { withoutTexts } from './confidential.js';
import { redacted } from './redact.js';

/** How a query ended. Only its value, which is for conditions alone, may contain a secret. */
export type Outcome =
  | { readonly outcome: 'value'; readonly value: Json; readonly shown?: Json }
  | { readonly outcome: 'error'; readonly message: string }
  /** Nothing was measured, because of our own limits. */
  | { readonly outcome: 'postponed'; readonly message: string };

const MAX_MESSAGE = 300;
/** Of a message, before secrets are taken out of it. */
const MAX_READ = 1000;

/** Never rejects. More secrets may come while the query runs. */
export async function outcomeOf(query: Promise<Json>, secrets: ReadonlyMap<string, string>): Promise<Outcome> {
  try {
    const value = await query;
    return { outcome: 'value', value, ...(secrets.size > 0 && { shown: withoutTexts(value, secrets.values()) }) };
  } catch (error) {
    const message = redacted(messageOf(error).slice(0, MAX_READ), secrets.values()).slice(0, MAX_MESSAGE);
    return { outcome: isOurs(error) ? 'postponed' : 'error', message };
  }
}

/** @throws QueryError when a value takes more characters of JSON */
export function refuseLong(value: Json, maxLength: number): void {
  const length = JSON.stringify(value).length;
  if (length <= maxLength) return;
  throw new QueryError('answer', `the value takes ${length} characters, more than ${maxLength}; ask for less`);
}

/** Anything but our own error comes of an answer that nobody expected; its text could quote it. */
function messageOf(error: unknown): string {
  return error instanceof QueryError ? error.message : 'the answer cannot be read';
}

/** It was never asked. */
function isOurs(error: unknown): boolean {
  return error instanceof QueryError && error.kind === 'busy';
}
