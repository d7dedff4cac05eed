/** Responses, paths and conditions that take long. */
import { compileCondition } from '../../../../src/condition/condition.js';
import { type Attack, endless, many, measuring, web } from '../attack.js';
import { BODIES } from '../bodies.js';

const METRICS = 20;
const NAMES = Object.keys(BODIES);

/** Accepted, and as expensive as they get: every value is visited for every term. */
const PATHS = [
  '$..*',
  '$..[?@.name==1||@.value==2||@.name]',
  "$..[?@.name!='a'&&@.value<0]",
  '$.all[*].name',
  '$..value',
];

/** Refused: they take for ever. */
export const BOMBS: readonly string[] = [
  "$.spec[?search(@,'^(a+)+$')]",
  "$[?match(@,'(a|a)*b')]",
  `$${'..*'.repeat(20)}`,
  `$${'[*,*]'.repeat(30)}`,
  `$${'[?@[?@[?@]]]'.repeat(5)}`,
  `$[?${'('.repeat(110)}@..a${')'.repeat(110)}]`,
  `$${'[0'.repeat(80)}`,
];

/** As many of these terms as a condition may have, by its cost and its length. */
function asLongAs(term: (index: number) => string): string {
  let accepted = term(0);
  for (let index = 1; ; index += 1) {
    const longer = `${accepted}&&${term(index)}`;
    if (!compileCondition(longer, '').ok) return accepted;
    accepted = longer;
  }
}

const CONDITIONS = [
  { body: 'most-judged', condition: asLongAs(index => `result.all(x,x>${index - 9})`) },
  { body: 'most-texts', condition: asLongAs(index => `result.all(x,x.contains("b")||size(x)>${-index})`) },
];

export const RESPONSES: readonly Attack[] = [
  {
    name: 'bodies of 1 MiB',
    count: 6,
    spec: ({ hostile, index }) =>
      measuring(
        many(METRICS, metric =>
          endless(`m${metric}`, web(`${hostile(2)}/body/${NAMES[(index + metric) % NAMES.length]}?${metric}`)),
        ),
      ),
    shows: /the value takes|has more than|cannot be read|too many responses/,
  },
  {
    name: 'paths through bodies of 1 MiB',
    count: 6,
    spec: ({ hostile, index }) =>
      measuring(
        many(METRICS, metric =>
          endless(
            `m${metric}`,
            web(`${hostile(2)}/body/${NAMES[(index + metric) % NAMES.length]}?${metric}`, {
              jsonPath: PATHS[metric % PATHS.length]!,
            }),
          ),
        ),
      ),
    shows: /jsonPath|has more than|too many responses/,
  },
  {
    name: 'paths through the most values',
    count: 4,
    spec: ({ hostile }) =>
      measuring(
        many(METRICS, metric =>
          endless(
            `m${metric}`,
            web(`${hostile(2)}/body/records?${metric}`, { jsonPath: PATHS[metric % PATHS.length]! }),
          ),
        ),
      ),
    shows: /jsonPath|"value":|too large/,
  },
  ...BOMBS.slice(0, 4).map(
    (jsonPath, bomb): Attack => ({
      name: `jsonPath ${jsonPath.slice(0, 24)}`,
      count: 1,
      spec: ({ hostile }) =>
        measuring(
          many(METRICS, metric =>
            endless(`m${metric}`, web(`${hostile(2)}/body/records?${bomb}-${metric}`, { jsonPath })),
          ),
        ),
      shows: /InvalidSpec|jsonPath/,
    }),
  ),
  {
    name: 'conditions at the limit of cost',
    count: 6,
    spec: ({ hostile }) =>
      measuring(
        many(METRICS, metric => {
          const { body, condition } = CONDITIONS[metric % CONDITIONS.length]!;
          return endless(`m${metric}`, web(`${hostile(2)}/body/${body}?${metric}`, { jsonPath: '$' }), {
            successCondition: condition,
          });
        }),
      ),
    shows: /"successful":\d|"failed":\d|too large/,
  },
];
