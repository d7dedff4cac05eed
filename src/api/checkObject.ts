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
    place.at('kind').refuse(`${show(raw)} is not a Kubernetes object`, 'set apiVersion, kind, metadata and spec');
    return problems;
  }
  for (const field of Object.keys(raw)) {
    if (!FIELDS.includes(field)) place.at(field).refuse(`unknown field ${field}`, suggest(field, FIELDS));
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
        ? 'is not a supported version'
        : 'is not a supported API group';
    place.at('apiVersion').refuse(`${show(apiVersion ?? null)} ${meant}`, `use ${API_VERSION}`);
  }
  if (typeof kind !== 'string' || !KINDS.includes(kind)) {
    place.at('kind').refuse(`${show(kind ?? null)} is not a supported kind`, suggest(String(kind), KINDS));
  }
}

/** The name, where it is one. */
function checkMetadata(metadata: unknown, place: Place): string | undefined {
  if (!isObject(metadata)) {
    place.refuse(`${show(metadata ?? null)} is not valid metadata`, 'set metadata: {name: …}');
    return undefined;
  }
  const { name, labels, annotations } = metadata;
  if (isObject(labels)) checkLabels(labels, place.at('labels'));
  if (isObject(annotations)) checkAnnotations(annotations, place.at('annotations'));
  if (typeof name === 'string' && isObjectName(name)) return name;
  place.at('name').refuse(`${show(name ?? null)} is not a valid object name`, 'use lowercase letters, digits and "-"');
  return undefined;
}

function checkTemplate(spec: unknown, place: Place): void {
  const before = place.count;
  refuseAll(checkTemplateSpec(spec), spec, place);
  if (place.count === before) checkAnalysisTemplate(spec as AnalysisTemplateSpec, place);
}
