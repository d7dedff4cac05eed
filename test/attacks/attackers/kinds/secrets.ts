/** Secrets and args, and what becomes of them. */
import { type Attack, endless, many, measuring, object, web } from '../attack.js';

const encoded = (text: string) => Buffer.from(text).toString('base64');

/** `bytes` of each value. */
function secretArgs(count: number, bytes: number): Pick<Attack, 'related' | 'spec'> {
  return {
    related: site => [
      object(site, 'Secret', site.name, {
        data: Object.fromEntries(many(count, key => [`k${key}`, encoded(`${key}-${'s'.repeat(bytes)}`)])),
      }),
    ],
    spec: ({ name, hostile }) =>
      measuring(
        many(5, metric =>
          endless(
            `m${metric}`,
            web(`${hostile(2)}/echo?${metric}`, {
              headers: many(count, key => ({ key: `X-${key}`, value: `{{args.a${key}}}` })),
            }),
          ),
        ),
        { args: many(count, key => ({ name: `a${key}`, valueFrom: { secretKeyRef: { name, key: `k${key}` } } })) },
      ),
  };
}

export const SECRETS: readonly Attack[] = [
  { name: '50 secret args, echoed', count: 4, ...secretArgs(50, 50), shows: /"value":/ },
  { name: '50 long secret args, echoed', count: 2, ...secretArgs(50, 200), shows: /"value":|longer|HTTP/ },
  {
    name: 'args multiplied',
    count: 3,
    // An arg stands in every query as often as there is room.
    spec: ({ hostile }) =>
      measuring(
        many(50, metric =>
          endless(`m${metric}`, {
            prometheus: { address: hostile(2), query: `${metric}${'{{args.a}}'.repeat(1600)}` },
          }),
        ),
        { args: [{ name: 'a', value: 'x'.repeat(4000) }] },
      ),
    shows: /AnalysisReady/,
  },
];
