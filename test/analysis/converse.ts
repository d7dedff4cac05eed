import type { Exchange, HttpRequest, HttpResponse } from '../../src/providers/exchange.js';
import type { Provider, QueryContext } from '../../src/providers/provider.js';
import type { Json, JsonObject } from '../../src/schema/json.js';

export const NOW = Date.parse('2026-01-31T12:00:00Z');

/** The first exchange of a provider, without any network. */
export async function first(
  provider: Provider,
  spec: JsonObject,
  secrets: QueryContext['secrets'] = {},
): Promise<Exchange> {
  return provider.query(spec).ask({ now: NOW, secrets });
}

export interface Conversation {
  readonly requests: readonly HttpRequest[];
  readonly pauses: readonly number[];
  readonly value: Json;
}

/** Plays a whole conversation: one answer for each request, until there is a value. */
export async function converse(start: Exchange, answers: readonly (Json | HttpResponse)[]): Promise<Conversation> {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  let exchange = start;
  for (const answer of answers) {
    requests.push(exchange.request);
    const read = exchange.read(isResponse(answer) ? answer : { status: 200, body: JSON.stringify(answer) });
    if (read.done) return { requests, pauses, value: read.value };
    pauses.push(read.afterMs);
    exchange = read.next;
  }
  throw new Error(`no value after ${answers.length} answers`);
}

function isResponse(answer: Json | HttpResponse): answer is HttpResponse {
  return typeof answer === 'object' && answer !== null && 'status' in answer && 'body' in answer;
}
