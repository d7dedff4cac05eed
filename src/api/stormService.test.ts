import { type Row, testRefused } from '../../test/api/refused.js';
import { spec } from '../../test/api/specs.js';

const rows: readonly Row[] = [
  ['nothing', undefined, 'spec', 'wrong type', 'object'],
  ['a list', [], 'spec', 'wrong type', 'object'],
  ['an unknown field', spec({ replcas: 3 }), 'spec.replcas', 'no field', 'replicas'],
  ['no template', { replicas: 3 }, 'spec.template', 'missing', 'write template'],
  ['replicas as text', spec({ replicas: '3' }), 'spec.replicas', '"3"', 'whole number'],
  ['replicas negative', spec({ replicas: -1 }), 'spec.replicas', '-1', '>= 0'],
  ['half a replica', spec({ replicas: 1.5 }), 'spec.replicas', '1.5', 'whole number'],
  ['paused as text', spec({ paused: 'yes' }), 'spec.paused', '"yes"', 'true or false'],
  ['a deadline of 0', spec({ progressDeadlineSeconds: 0 }), 'spec.progressDeadlineSeconds', '0', '>= 1'],
  [
    'a selector that does not match',
    spec({ selector: { matchLabels: { app: 'other' } } }),
    'spec.selector.matchLabels.app',
    '"my-app"',
    'app: other',
  ],
  [
    'a selector of a label that is not there',
    spec({ selector: { matchLabels: { tier: 'web' } } }),
    'spec.selector.matchLabels.tier',
    'missing',
    'tier: web',
  ],
  [
    'a selector expression that does not match',
    spec({ selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['my-app'] }] } }),
    'spec.selector.matchExpressions[0]',
    'do not match',
    'correct',
  ],
];

testRefused('spec', rows);
