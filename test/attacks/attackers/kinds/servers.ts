/** Metrics systems that do not answer, or not as they should. */
import type { JsonObject } from '../../../../src/schema/json.js';
import { type Attack, endless, many, measuring, type Site, web } from '../attack.js';

const METRICS = 40;

/** Metrics of many targets, so that none of them is known to be slow. */
function asking(path: string, more: JsonObject = {}): (site: Site) => JsonObject {
  return ({ hostile, index }) =>
    measuring(
      many(METRICS, metric =>
        endless(`m${metric}`, web(`${hostile(2 + ((index * METRICS + metric) % 240))}${path}?${metric}`, more)),
      ),
    );
}

export const SERVERS: readonly Attack[] = [
  { name: 'tarpits', count: 6, spec: asking('/tarpit', { timeoutSeconds: 1 }), shows: /did not answer within/ },
  {
    name: 'tarpits, with patience',
    count: 4,
    spec: asking('/tarpit', { timeoutSeconds: 30 }),
    shows: /"phase":"Running"/,
  },
  {
    name: 'one byte at a time',
    count: 4,
    spec: asking('/drip', { timeoutSeconds: 2 }),
    shows: /did not answer within|too many/,
  },
  {
    name: 'endless bodies',
    count: 4,
    spec: asking('/endless', { timeoutSeconds: 5 }),
    shows: /the answer is longer than|too many responses/,
  },
  { name: 'bodies cut off', count: 2, spec: asking('/cut'), shows: /closed|failed|cannot|no connection/ },
  ...[503, 429].map(
    (status): Attack => ({
      name: `${status} at the good server`,
      count: 4,
      spec: ({ good }) =>
        measuring(many(METRICS, metric => endless(`m${metric}`, web(`${good}/broken/${status}?${metric}`)))),
      shows: new RegExp(`answered HTTP ${status}`),
    }),
  ),
  {
    name: "the good ones' own queries",
    count: 3,
    spec: ({ good }) =>
      measuring(
        many(METRICS, metric =>
          endless(
            `m${metric}`,
            { prometheus: { address: good, query: String(metric % 10) } },
            { successCondition: 'result[0] > 2' },
          ),
        ),
      ),
    shows: /"failed":\d/,
  },
  {
    name: "the hook's own address",
    count: 3,
    spec: ({ hook, hookMetrics }) =>
      measuring(
        many(METRICS, metric =>
          endless(`m${metric}`, web(metric % 2 === 0 ? hookMetrics : `${hook}/sync`, { method: 'POST', body: '{}' })),
        ),
      ),
    shows: /answered HTTP|SR2011/,
  },
];
