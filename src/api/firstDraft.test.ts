import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsOf } from '../../test/api/refused.js';
import { blueGreen, canary, context, type Raw, routed, spec, steps } from '../../test/api/specs.js';
import { normaliseFirstDraft } from './firstDraft.js';
import { readSpec } from './readSpec.js';

const refs = { templates: [{ name: 'errors' }] };
const analysis = { templates: [{ templateName: 'errors' }] };

/** The first draft's form, and the form that means the same. */
test.each<[string, Raw, Raw]>([
  ['weight', steps({ weight: 10 }), steps({ setWeight: 10 })],
  ['replicas', routed({ smi: {} }, { replicas: 2 }), routed({ smi: {} }, { setCanaryScale: { replicas: 2 } })],
  [
    'several actions in a step',
    routed({ smi: {} }, { pause: { duration: '5m' }, analysis: refs, weight: 10, replicas: 2 }),
    routed(
      { smi: {} },
      { setCanaryScale: { replicas: 2 } },
      { setWeight: 10 },
      { analysis },
      { pause: { duration: '5m' } },
    ),
  ],
  ['templates by name in a step', steps({ analysis: refs }), steps({ analysis })],
  ['templates by name in the background', canary({ analysis: refs }), canary({ analysis })],
  [
    'templates by name around a promotion',
    blueGreen({ prePromotionAnalysis: refs, postPromotionAnalysis: refs }),
    blueGreen({ prePromotionAnalysis: analysis, postPromotionAnalysis: analysis }),
  ],
  ['nginx', routed({ nginx: { ingress: 'web', servicePort: 80 } }), routed({ nginx: { stableIngress: 'web' } })],
  [
    'istio',
    routed({ istio: { virtualService: 'vs', destinationRule: 'dr' } }),
    routed({ istio: { virtualService: { name: 'vs' }, destinationRule: { name: 'dr' } } }),
  ],
  ['smi', routed({ smi: { trafficSplit: 'split' } }), routed({ smi: { trafficSplitName: 'split' } })],
  [
    'updateStrategy',
    spec({ updateStrategy: { type: 'RollingUpdate', maxSurge: 2, maxUnavailable: '10%' } }),
    spec({ rolloutStrategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: '10%' } } }),
  ],
  [
    'updateStrategy in place',
    spec({ updateStrategy: { type: 'InPlaceUpdate', maxSurge: 2 } }),
    spec({ rolloutStrategy: { rollingUpdate: { maxSurge: 2 } } }),
  ],
  [
    'updateStrategy beside a rolloutStrategy',
    { ...steps({ setWeight: 5 }), updateStrategy: { maxSurge: 2 } },
    steps({ setWeight: 5 }),
  ],
])('%s', (_, draft, canonical) => {
  const result = readSpec(draft, context);
  expect(problemsOf(result)).toEqual([]);
  expect(result).toEqual(readSpec(canonical, context));
});

test.each<[string, Raw, string]>([
  ['weight', steps({ weight: 101 }), 'spec.rolloutStrategy.canary.steps[0].weight'],
  ['replicas', steps({ replicas: 1 }), 'spec.rolloutStrategy.canary.steps[0].replicas'],
  [
    'templates',
    steps({ analysis: { templates: [{ name: 5 }] } }),
    'spec.rolloutStrategy.canary.steps[0].analysis.templates[0].name',
  ],
  ['trafficSplit', routed({ smi: { trafficSplit: 5 } }), 'spec.rolloutStrategy.canary.trafficRouting.smi.trafficSplit'],
  [
    'virtualService',
    routed({ istio: { virtualService: '' } }),
    'spec.rolloutStrategy.canary.trafficRouting.istio.virtualService',
  ],
  ['updateStrategy', spec({ updateStrategy: { maxSurge: 'x' } }), 'spec.updateStrategy.maxSurge'],
])('a problem of %s is shown where it was written', (_, draft, path) => {
  expect(problemsOf(readSpec(draft, context)).map(problem => problem.path)).toContain(path);
});

test('both forms of one thing are refused', () => {
  expect(problemsOf(readSpec(steps({ weight: 5, setWeight: 10 }), context))).toMatchObject([
    { path: 'spec.rolloutStrategy.canary.steps[0].weight', remedy: 'did you mean setWeight?' },
  ]);
});

test('what needs no rewriting is handed through as it is', () => {
  const raw = steps({ setWeight: 10 }, { pause: true });
  expect(normaliseFirstDraft(raw).value).toBe(raw);
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      expect(normaliseFirstDraft(value).value).toEqual(value);
    }),
  );
});
