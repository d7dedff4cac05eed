import type { ApplyStrategy } from '../metacontroller/hook.js';
import { refuseAll } from '../schema/ajvProblems.js';
import { checker } from '../schema/checker.js';
import { type Fields, isObject } from '../schema/json.js';
import { checkAnnotations, checkLabels, isObjectName } from '../schema/labels.js';
import { API_VERSION, GROUP, KIND } from '../schema/names.js';
import { suggest } from '../schema/nearest.js';
import { Place } from '../schema/place.js';
import type { Problem } from '../schema/problem.js';
import { show } from '../schema/show.js';
import {
  type AnalysisTemplateSpec,
  AnalysisTemplateSpecSchema,
  checkAnalysisTemplate,
} from './analysis/analysisTemplate.js';
import { readSpec } from './readSpec.js';

const FIELDS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
const KINDS = [KIND, 'AnalysisTemplate', 'ClusterAnalysisTemplate'];

const checkTemplateSpec = checker(AnalysisTemplateSpecSchema);

/**
 * Everything that is wrong with a whole object of our API, as it stands in a YAML file: with the same words that the
 * hook's condition would have. Empty: it is right. Never throws.
 */
export function checkObject(raw: unknown, applyStrategy: ApplyStrategy): readonly Problem[] {
  const problems: Problem[] = [];
  const place = new Place('', problems);
  if (!isObject(raw)) {
    place.at('kind').refuse(`${show(raw)} is not a Kubernetes object`, 'write apiVersion, kind, metadata and spec');
    return problems;
  }
  for (const field of Object.keys(raw)) {
    if (!FIELDS.includes(field)) place.at(field).refuse(`there is no field ${field}`, suggest(field, FIELDS));
  }
  checkType(raw, place);
  const name = checkMetadata(raw['metadata'], place.at('metadata'));
  if (raw['kind'] === KIND) {
    const result = readSpec(raw['spec'], { name: name ?? 'unnamed', namespace: 'default', applyStrategy });
    if (!result.ok) problems.push(...result.problems);
  } else if (KINDS.includes(String(raw['kind']))) {
    checkTemplate(raw['spec'], place.at('spec'));
  }
  return problems;
}

function checkType({ apiVersion, kind }: Fields, place: Place): void {
  if (apiVersion !== API_VERSION) {
    const meant =
      typeof apiVersion === 'string' && apiVersion.startsWith(GROUP)
        ? 'is not a version that exists'
        : 'is another API';
    place.at('apiVersion').refuse(`${show(apiVersion ?? null)} ${meant}`, `write ${API_VERSION}`);
  }
  if (typeof kind !== 'string' || !KINDS.includes(kind)) {
    place.at('kind').refuse(`${show(kind ?? null)} is not a kind of ours`, suggest(String(kind), KINDS));
  }
}

/** The name, where it is one. */
function checkMetadata(metadata: unknown, place: Place): string | undefined {
  if (!isObject(metadata)) {
    place.refuse(`${show(metadata ?? null)} is no metadata`, 'write metadata: {name: …}');
    return undefined;
  }
  const { name, labels, annotations } = metadata;
  if (isObject(labels)) checkLabels(labels, place.at('labels'));
  if (isObject(annotations)) checkAnnotations(annotations, place.at('annotations'));
  if (typeof name === 'string' && isObjectName(name)) return name;
  place
    .at('name')
    .refuse(`${show(name ?? null)} is not the name of an object`, 'write lower-case letters, digits and "-"');
  return undefined;
}

function checkTemplate(spec: unknown, place: Place): void {
  const before = place.count;
  refuseAll(checkTemplateSpec(spec), spec, place);
  if (place.count === before) checkAnalysisTemplate(spec as AnalysisTemplateSpec, place);
}
