import { mergeKey } from '../../metacontroller/apply.js';
import type { ApplyStrategy } from '../../metacontroller/hook.js';
import type { Json } from '../../schema/json.js';
import { type Fields, fields, isObject, items } from '../../schema/json.js';
import { pathKey } from '../../schema/place.js';
import type { Problem } from '../../schema/problem.js';
import type { TemplateConfig } from './config.js';
import { readWeights } from './observed.js';
import type { Values } from './placeholders.js';
import { renderTemplate } from './render.js';

/** A weight that nothing else in an object is likely to be. */
const PROBE: Values = {
  stableWeight: 63,
  canaryWeight: 37,
  stableService: 'probe-stable',
  canaryService: 'probe-canary',
  stableRevision: 'a',
  canaryRevision: 'b',
};

export function templateProblems(config: TemplateConfig, path: string, strategy: ApplyStrategy): readonly Problem[] {
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
    Object.entries(fields(metadata[field])).flatMap(([key, value]) =>
      typeof value === 'string'
        ? []
        : [
            {
              path: `${path}.${field}[${key}]`,
              problem: `${JSON.stringify(value)} is not a string`,
              remedy: 'write it in quotes',
            },
          ],
    ),
  );
}

/** What is written must be read back, or no step would ever count as done. What stands in status only runs can show. */
function weightProblems(config: TemplateConfig, rendered: object, path: string): readonly Problem[] {
  if (config.observedWeight?.startsWith('$.status') === true) return [];
  const read = readWeights(config, fields(rendered), PROBE);
  if (read.ok && read.weights.every(weight => weight === PROBE.canaryWeight)) return [];
  return [
    {
      path: `${path}.observedWeight`,
      problem: read.ok
        ? `it reads ${read.weights.join(', ')} from an object whose canary weight is ${PROBE.canaryWeight}`
        : read.reason,
      remedy: 'write the JSONPath of a value that is, or contains, $(canaryWeight)',
    },
  ];
}

/**
 * Lists that dynamic apply would merge although two items have the same key. A list that it replaces whole is safe with
 * all that is in it, so only items of merged lists are looked into.
 */
function mergeProblems(value: unknown, path: string): readonly Problem[] {
  if (isObject(value))
    return Object.entries(value).flatMap(([key, inner]) => mergeProblems(inner, path + pathKey(key)));
  const list = items(value) as readonly Json[];
  const key = mergeKey(list);
  if (key === undefined) return [];
  const keys = list.map(item => String(fields(item)[key]));
  const shared = keys.find((each, index) => keys.indexOf(each) !== index);
  const inner = list.flatMap((item, index) => mergeProblems(item, `${path}[${index}]`));
  if (shared === undefined) return inner;
  const problem = {
    path,
    problem: `two items have the ${key} ${shared}, by which dynamic apply would make one of them`,
    remedy: `give every item a ${key} of its own, or run Metacontroller with --apply-strategy=server-side-apply`,
  };
  return [problem, ...inner];
}
