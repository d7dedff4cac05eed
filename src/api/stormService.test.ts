import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { problemsOf, type Row, testRefused } from '../../test/api/refused.js';
import { context, spec } from '../../test/api/specs.js';
import { readSpec } from './readSpec.js';

const rows: readonly Row[] = [
  ['nothing', undefined, 'spec', 'wrong type', 'object'],
  ['a list', [], 'spec', 'wrong type', 'object'],
  ['an unknown field', spec({ replcas: 3 }), 'spec.replcas', 'unknown field', 'replicas'],
  ['no template', { replicas: 3 }, 'spec.template', 'required', 'add spec.template'],
  ['replicas as text', spec({ replicas: '3' }), 'spec.replicas', '"3"', 'integer'],
  ['replicas negative', spec({ replicas: -1 }), 'spec.replicas', '-1', '>= 0'],
  ['half a replica', spec({ replicas: 1.5 }), 'spec.replicas', '1.5', 'integer'],
  ['paused as text', spec({ paused: 'yes' }), 'spec.paused', '"yes"', 'true or false'],
  ['a deadline of 0', spec({ progressDeadlineSeconds: 0 }), 'spec.progressDeadlineSeconds', '0', '>= 1'],
  [
    'minReadySeconds as long as the default deadline',
    spec({ minReadySeconds: 600 }),
    'spec.progressDeadlineSeconds',
    '600 is not greater than minReadySeconds 600, so every rollout would exceed it',
    'set progressDeadlineSeconds to 601 or more, or reduce minReadySeconds',
  ],
  [
    'a deadline below minReadySeconds',
    spec({ minReadySeconds: 60, progressDeadlineSeconds: 30 }),
    'spec.progressDeadlineSeconds',
    '30 is not greater',
    '61 or more',
  ],
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
    'no label',
    'tier: web',
  ],
  [
    'a selector expression that does not match',
    spec({ selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['my-app'] }] } }),
    'spec.selector.matchExpressions[0]',
    'do not match',
    'fix',
  ],
];

testRefused('spec', rows);

it('shows a template that is valid where there is none', () => {
  const [problem] = problemsOf(readSpec({ replicas: 3 }, context));
  const example = load(problem?.remedy.replace(/^.*:\n/, '') ?? '');
  expect(problemsOf(readSpec(example, context))).toEqual([]);
});
