import type { ApplyStrategy } from '../../metacontroller/hook.js';
import { collapse, collapsingLists } from '../../metacontroller/mergeSafety.js';
import { type Fields, fields } from '../../schema/json.js';
import { readPath } from '../../schema/jsonPath.js';
import { nonString } from '../../schema/labels.js';
import type { Problem } from '../../schema/problem.js';
import { renderTemplate } from './desired.js';
import { fillText, type Values } from './placeholders.js';
import { readWeights } from './readWeights.js';
import type { TemplateConfig } from './schema.js';

/** A weight that nothing else in an object is likely to be. */
const PROBE: Values = {
  stableWeight: 63,
  canaryWeight: 37,
  stableService: 'probe-stable',
  canaryService: 'probe-canary',
  stableRevision: 'a',
  canaryRevision: 'b',
};

export function templateProblems(config: TemplateConfig, path: string, strategy?: ApplyStrategy): readonly Problem[] {
  const rendered = renderTemplate(config, PROBE, { name: 'probe', namespace: 'probe' });
  return [
    ...metadataProblems(fields(config.object['metadata']), `${path}.object.metadata`),
    ...weightProblems(config, rendered, path),
    ...(strategy === 'dynamic-apply' ? mergeProblems(rendered, `${path}.object`) : []),
  ];
}

/** One label that is not a string fails the whole sync. */
function metadataProblems(metadata: Fields, path: string): readonly Problem[] {
  return ['labels', 'annotations'].flatMap(field =>
    Object.entries(fields(metadata[field]))
      .filter(([, value]) => typeof value !== 'string')
      .map(([key, value]) => ({ path: `${path}.${field}[${key}]`, ...nonString(value) })),
  );
}

/** What is written must be read back, or no step would ever count as done. What stands in status only runs can show. */
function weightProblems(config: TemplateConfig, rendered: object, path: string): readonly Problem[] {
  const problem = isInStatus(config) ? pathProblem(config) : readingProblem(config, rendered);
  const remedy = 'write the JSONPath of a value that is, or contains, $(canaryWeight)';
  return problem === undefined ? [] : [{ path: `${path}.observedWeight`, problem, remedy }];
}

function isInStatus({ observedWeight = '' }: TemplateConfig): boolean {
  return observedWeight.startsWith('$.status');
}

function pathProblem({ observedWeight = '' }: TemplateConfig): string | undefined {
  const read = readPath(fillText(observedWeight, PROBE));
  return read.ok ? undefined : `observedWeight ${observedWeight} ${read.problem}`;
}

function readingProblem(config: TemplateConfig, rendered: object): string | undefined {
  const read = readWeights(config, fields(rendered), PROBE);
  if (!read.ok) return read.reason;
  if (read.weights.every(weight => weight === PROBE.canaryWeight)) return undefined;
  return `it reads ${read.weights.join(', ')} from an object whose canary weight is ${PROBE.canaryWeight}`;
}

function mergeProblems(rendered: object, path: string): readonly Problem[] {
  return collapsingLists(rendered).map(list => ({
    path: `${path}.${list.path}`,
    problem: collapse(list),
    remedy: `give each item a unique ${list.key}, or run Metacontroller with --apply-strategy=server-side-apply`,
  }));
}
