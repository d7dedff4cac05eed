/** Specs and templates as large as they get, and larger. */

import type { JsonObject } from '../../../../src/schema/json.js';
import { type Attack, endless, many, measuring, object, podTemplate, type Site, specWith, web } from '../attack.js';

const REFUSED = /InvalidSpec/;
const MIB = 1024 * 1024;
const CANARY: JsonObject = { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } };

function refused(name: string, count: number, spec: Attack['spec']): Attack {
  return { name, count, spec, shows: REFUSED };
}

/** The text stands where the container's field is. */
function specText(field: string, text: string): string {
  return JSON.stringify(specWith(CANARY, podTemplate({ [field]: '@' }))).replace('"@"', () => text);
}

const valuesOfPod = podTemplate(
  {
    ports: many(800, index => ({ name: `p${index}`, containerPort: index + 1, protocol: 'TCP' })),
    env: many(1000, index => ({ name: `E${index}`, value: 'x' })),
  },
  { volumes: many(900, index => ({ name: `v${index}`, emptyDir: {} })) },
);

/** 50 metrics with long conditions, and as many references as there is room for. */
function largestTemplate(site: Site, index: number): string {
  const metrics = many(50, metric =>
    endless(`m${index}-${metric}`, web(`${site.hostile(2)}/error`), {
      successCondition: `result > ${index}${metric}${' || result > 1'.repeat(60)}`,
    }),
  );
  const text = JSON.stringify(object(site, 'AnalysisTemplate', `t${index}`, { spec: { metrics, templates: '@' } }));
  return text.replace('"@"', () => `[${'{"templateName":"t0"},'.repeat(40_000)}{}]`);
}

export const SPECS: readonly Attack[] = [
  refused('60,000 ports', 2, () =>
    specWith(CANARY, podTemplate({ ports: many(60_000, index => ({ containerPort: index + 1 })) })),
  ),
  refused('400,000 arguments that are no strings', 2, () => specText('args', `[${'[],'.repeat(400_000)}[]]`)),
  refused('5,000 levels', 2, () => specText('env', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)),
  refused('100,000 unknown fields', 2, () => ({
    ...specWith(CANARY),
    ...Object.fromEntries(many(100_000, index => [`f${index}`, 1])),
  })),
  refused('everything invalid', 3, () => ({
    replicas: 'x',
    template: [[]],
    rolloutStrategy: {
      canary: {
        steps: many(100, () => ({ setWeight: 'x', pause: 7, analysis: { metrics: many(50, () => 0) } })),
      },
    },
    selector: 1,
    service: 'x',
  })),
  {
    name: 'as many values as a spec may have',
    count: 4,
    spec: () => specWith(CANARY, valuesOfPod),
    shows: /"phase":"Healthy"/,
  },
  {
    name: 'as many bytes as an object may have',
    count: 2,
    spec: () => specWith(CANARY, podTemplate({ env: [{ name: 'E', value: 'x'.repeat(1.3 * MIB) }] })),
    shows: /"phase":"Healthy"/,
  },
  {
    name: 'patterns of metric names',
    count: 3,
    spec: ({ hostile }) =>
      measuring(
        many(50, metric => endless(`${'a'.repeat(40)}${metric}`, web(`${hostile(2)}/error`))),
        {
          dryRun: many(50, index => ({
            metricName: `a.*a.*a.*${'.a'.repeat(10)}|${'a.'.repeat(15)}b|${'.a'.repeat(20)}${index}|a`,
          })),
        },
      ),
    shows: /"dryRun":true/,
  },
  {
    name: 'templates of the greatest size',
    count: 4,
    related: site => many(20, template => largestTemplate(site, template)),
    spec: () => measuring([], { templates: many(20, template => ({ templateName: `t${template}` })) }),
    shows: /AnalysisReady/,
  },
  {
    name: 'templates with as much as they may have',
    count: 4,
    related: site =>
      many(2, template =>
        object(site, 'AnalysisTemplate', `t${template}`, {
          spec: {
            metrics: many(25, metric =>
              endless(`m${template}-${metric}`, web(`${site.hostile(2)}/error`), {
                // Of another generation another one: none is remembered.
                successCondition: `result > ${site.index}${metric}${' || result > 1'.repeat(20)}`,
              }),
            ),
          },
        }),
      ),
    spec: () => measuring([], { templates: many(2, template => ({ templateName: `t${template}` })) }),
    shows: /analysisRuns/,
  },
];
