import { expect, test } from 'vitest';
import { readCanary } from '../../../test/api/read.js';
import { type Row, testRefused } from '../../../test/api/refused.js';
import { routed, steps } from '../../../test/api/specs.js';

const STEP = 'spec.rolloutStrategy.canary.steps[0]';
const smi = { smi: {} };

const rows: readonly Row[] = [
  ['no action', steps({}), STEP, 'no action', 'setWeight'],
  ['a name alone', steps({ name: 'a' }), STEP, 'no action', 'setWeight'],
  ['a typo', steps({ setWieght: 5 }), `${STEP}.setWieght`, 'unknown field', 'did you mean setWeight'],
  ['a weight over 100', steps({ setWeight: 101 }), `${STEP}.setWeight`, '101', 'from 0 to 100'],
  [
    'a weight over maxTrafficWeight',
    routed({ ...smi, maxTrafficWeight: 50 }, { setWeight: 60 }),
    `${STEP}.setWeight`,
    'maxTrafficWeight',
    'from 0 to 50',
  ],
  ['a negative weight', steps({ setWeight: -5 }), `${STEP}.setWeight`, '-5', '>= 0'],
  ['a weight as a per cent', steps({ setWeight: '10%' }), `${STEP}.setWeight`, '10%', 'integer'],
  ['pause false', steps({ pause: false }), `${STEP}.pause`, 'false', 'true'],
  ['pause as text', steps({ pause: '30s' }), `${STEP}.pause`, '30s', 'object'],
  ['an empty pause', steps({ pause: null }), `${STEP}.pause`, 'empty', 'true or false'],
  [
    'a duration without a unit that exists',
    steps({ pause: { duration: '1d' } }),
    `${STEP}.pause.duration`,
    '"1d"',
    '1h30m',
  ],
  ['a negative duration', steps({ pause: { duration: -1 } }), `${STEP}.pause.duration`, '-1', 'seconds'],
  [
    'a duration and an approval',
    steps({ pause: { duration: 5, untilApproval: true } }),
    `${STEP}.pause`,
    'mutually exclusive',
    'remove one',
  ],
  [
    'no approval and no duration',
    steps({ pause: { untilApproval: false } }),
    `${STEP}.pause`,
    'no duration',
    'untilApproval: true',
  ],
  [
    'setCanaryScale without routing',
    steps({ setCanaryScale: { replicas: 1 } }),
    `${STEP}.setCanaryScale`,
    'traffic routing',
    'trafficRouting',
  ],
  [
    'an empty setCanaryScale',
    routed(smi, { setCanaryScale: {} }),
    `${STEP}.setCanaryScale`,
    'not a valid canary scale',
    'exactly one',
  ],
  [
    'two scales at once',
    routed(smi, { setCanaryScale: { replicas: 1, weight: 5 } }),
    `${STEP}.setCanaryScale`,
    'not a valid canary scale',
    'exactly one',
  ],
  [
    'setHeaderRoute without routing',
    steps({ setHeaderRoute: { name: 'a' } }),
    `${STEP}.setHeaderRoute`,
    'traffic routing',
    'trafficRouting',
  ],
  [
    'a header route that is not managed',
    routed({ ...smi, managedRoutes: [{ name: 'beta' }] }, { setHeaderRoute: { name: 'bta' } }),
    `${STEP}.setHeaderRoute.name`,
    '"bta"',
    'beta',
  ],
  [
    'a mirror route that is not managed',
    routed(smi, { setMirrorRoute: { name: 'm' } }),
    `${STEP}.setMirrorRoute.name`,
    'managedRoutes',
    '- name: m',
  ],
  [
    'a header without a match',
    routed(
      { ...smi, managedRoutes: [{ name: 'a' }] },
      { setHeaderRoute: { name: 'a', match: [{ headerName: 'x', headerValue: {} }] } },
    ),
    `${STEP}.setHeaderRoute.match[0].headerValue`,
    'no match is set',
    'exactly one',
  ],
  [
    'a mirrored path matched twice',
    routed(
      { ...smi, managedRoutes: [{ name: 'a' }] },
      { setMirrorRoute: { name: 'a', match: [{ path: { exact: '/', prefix: '/' } }] } },
    ),
    `${STEP}.setMirrorRoute.match[0].path`,
    'mutually exclusive',
    'exactly one',
  ],
  [
    'two steps of one name',
    steps({ name: 'a', setWeight: 1 }, { name: 'a', setWeight: 2 }),
    'spec.rolloutStrategy.canary.steps[1].name',
    'steps[0]',
    'unique name',
  ],
  ["Argo's experiment", steps({ experiment: {} }), `${STEP}.experiment`, 'experiment', 'one of'],
];

testRefused('steps', rows);

test.each<[unknown, number | null]>([
  [true, null],
  [{}, null],
  [{ untilApproval: true }, null],
  [{ duration: 30 }, 30],
  [{ duration: '30' }, 30],
  [{ duration: '30s' }, 30],
  [{ duration: '1h' }, 3600],
  [{ duration: '1h30m' }, 5400],
  [{ duration: 0 }, 0],
  [{ duration: '5m', untilApproval: false }, 300],
])('pause %j waits %j', (pause, seconds) => {
  expect(readCanary(steps({ pause })).steps).toEqual([{ action: 'pause', seconds }]);
});

test('every action with traffic routing', () => {
  const headers = [{ headerName: 'x-beta', headerValue: { exact: '1' } }];
  const strategy = readCanary(
    routed(
      {
        gatewayAPI: { httpRoute: { parentRefs: [{ name: 'public' }] } },
        managedRoutes: [{ name: 'beta' }, { name: 'copy' }],
        maxTrafficWeight: 1000,
      },
      { setCanaryScale: { replicas: 1 } },
      { setCanaryScale: { weight: 50 } },
      { setCanaryScale: { matchTrafficWeight: true } },
      { setWeight: 500, name: 'half' },
      { setHeaderRoute: { name: 'beta', match: headers } },
      { setMirrorRoute: { name: 'copy', percentage: 10, match: [{ path: { prefix: '/' } }] } },
      { setHeaderRoute: { name: 'beta' } },
      { setMirrorRoute: { name: 'copy' } },
      { analysis: { templates: [{ templateName: 'a', clusterScope: true }], args: [{ name: 'x', value: 'y' }] } },
    ),
  );
  expect(strategy.trafficRouting?.managedRoutes).toEqual(['beta', 'copy']);
  expect(strategy.steps).toEqual([
    { action: 'setCanaryScale', scale: { by: 'replicas', replicas: 1 } },
    { action: 'setCanaryScale', scale: { by: 'weight', weight: 50 } },
    { action: 'setCanaryScale', scale: { by: 'traffic' } },
    { action: 'setWeight', weight: 500, name: 'half' },
    { action: 'setHeaderRoute', name: 'beta', match: headers },
    { action: 'setMirrorRoute', name: 'copy', percentage: 10, match: [{ path: { prefix: '/' } }] },
    { action: 'setHeaderRoute', name: 'beta', match: [] },
    { action: 'setMirrorRoute', name: 'copy', percentage: 100, match: [] },
    {
      action: 'analysis',
      analysis: {
        templates: [{ templateName: 'a', clusterScope: true }],
        args: [{ name: 'x', value: 'y' }],
        metrics: [],
      },
    },
  ]);
});
