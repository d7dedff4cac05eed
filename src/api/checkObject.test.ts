import { expect, test } from 'vitest';
import { metric, type Raw, spec, steps } from '../../test/api/specs.js';
import { checkObject } from './checkObject.js';

function storm(patch: Raw = {}): Raw {
  return {
    apiVersion: 'orchestration.aibrix.io/v1alpha1',
    kind: 'StormService',
    metadata: { name: 'my-app' },
    spec: spec(),
    ...patch,
  };
}

function analysisTemplate(templateSpec: Raw): Raw {
  return storm({ kind: 'AnalysisTemplate', metadata: { name: 'errors' }, spec: templateSpec });
}

test.each<[string, Raw]>([
  [
    'a StormService',
    storm({ metadata: { name: 'my-app', namespace: 'shop', labels: { a: 'b' }, annotations: { note: 'any text' } } }),
  ],
  [
    'an AnalysisTemplate',
    analysisTemplate({ metrics: [metric({ interval: '{{args.interval}}' })], args: [{ name: 'interval' }] }),
  ],
  [
    'a ClusterAnalysisTemplate',
    { ...analysisTemplate({ templates: [{ templateName: 'a' }] }), kind: 'ClusterAnalysisTemplate' },
  ],
])('%s is right', (_, raw) => {
  expect(checkObject(raw, 'dynamic-apply')).toEqual([]);
});

test.each<[string, unknown, string, string]>([
  ['a list', [], 'kind', 'apiVersion, kind'],
  ['another API', storm({ apiVersion: 'argoproj.io/v1alpha1' }), 'apiVersion', 'orchestration.aibrix.io/v1alpha1'],
  ['a version that does not exist', storm({ apiVersion: 'orchestration.aibrix.io/v1' }), 'apiVersion', 'v1alpha1'],
  ['a typo in the kind', storm({ kind: 'StromService' }), 'kind', 'StormService'],
  ['a typo at the top', storm({ metdata: {} }), 'metdata', 'metadata'],
  ['no metadata', storm({ metadata: undefined }), 'metadata', 'name'],
  ['no name', storm({ metadata: {} }), 'metadata.name', 'lowercase'],
  ['a name with capitals', storm({ metadata: { name: 'My-App' } }), 'metadata.name', 'lowercase'],
  [
    'a label that is a boolean',
    storm({ metadata: { name: 'a', labels: { beta: true } } }),
    'metadata.labels.beta',
    '"true"',
  ],
  [
    'an annotation that is a boolean',
    storm({ metadata: { name: 'a', annotations: { 'aibrix.io/rollout-pause': true } } }),
    'metadata.annotations[aibrix.io/rollout-pause]',
    '"true"',
  ],
  [
    'a bad spec',
    storm({ spec: steps({ setWeight: 200 }) }),
    'spec.rolloutStrategy.canary.steps[0].setWeight',
    '0 to 100',
  ],
  ['no spec', storm({ spec: undefined }), 'spec', 'object'],
  ['an empty template', analysisTemplate({}), 'spec', 'metrics'],
  [
    'a typo in a template',
    analysisTemplate({ metrics: [metric({ successConditon: 'x' })] }),
    'spec.metrics[0].successConditon',
    'successCondition',
  ],
])('%s is named', (_, raw, path, remedy) => {
  const here = checkObject(raw, 'dynamic-apply').filter(problem => problem.path === path);
  expect(here.map(problem => problem.remedy).join('; ')).toContain(remedy);
});
