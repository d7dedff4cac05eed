import { isDeepStrictEqual } from 'node:util';
import { CONTROLLER_REVISION, kindOf, REPLICA_SET, SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Json, JsonObject } from '../../schema/json.js';
import { isList, isObject } from '../../schema/json.js';
import { ApiError } from './apiError.js';
import { type Labels, matchesLabels } from './labels.js';

const SERVICE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * The rules of the API server that children of a StormService can run into.
 *
 * @throws ApiError Invalid.
 */
export function validate(object: KubeObject, before?: KubeObject): void {
  const { name, ownerReferences = [] } = object.metadata;
  if (!OBJECT_NAME.test(name)) refuse(object, 'metadata.name', 'is not a DNS subdomain');
  if (ownerReferences.filter(({ controller }) => controller === true).length > 1) {
    refuse(object, 'metadata.ownerReferences', 'only one reference can have controller set to true');
  }
  for (const field of ['labels', 'annotations'] as const) {
    const values: readonly unknown[] = Object.values(object.metadata[field] ?? {});
    if (values.some(value => typeof value !== 'string')) refuse(object, `metadata.${field}`, 'must be strings');
  }
  const kind = kindOf(object);
  if (kind === SERVICE) validateService(object, before);
  if (kind === REPLICA_SET) validateReplicaSet(object, before);
  if (kind === CONTROLLER_REVISION && before !== undefined && !isDeepStrictEqual(object['data'], before['data'])) {
    refuse(object, 'data', 'is immutable');
  }
}

function validateService(service: KubeObject, before: KubeObject | undefined): void {
  if (!SERVICE_NAME.test(service.metadata.name)) refuse(service, 'metadata.name', 'is not a DNS label');
  const ports = listOf(objectOf(service['spec'])['ports']).map(objectOf);
  const places = ports.map(({ port, protocol }) => `${port}/${protocol}`);
  const names = ports.map(({ name }) => name ?? '');
  if (new Set(places).size < places.length) refuse(service, 'spec.ports', 'has a port twice');
  if (ports.length > 1 && names.includes('')) refuse(service, 'spec.ports', 'needs a name for each of several ports');
  if (new Set(names).size < names.length) refuse(service, 'spec.ports', 'has a name twice');
  const [ip, old] = [service, before].map(version => objectOf(version?.['spec'])['clusterIP']);
  if (before !== undefined && ip !== old) refuse(service, 'spec.clusterIP', 'is immutable');
}

function validateReplicaSet(replicaSet: KubeObject, before: KubeObject | undefined): void {
  const { selector, template } = objectOf(replicaSet['spec']);
  const wanted = objectOf(objectOf(selector)['matchLabels']) as Labels;
  const labels = objectOf(objectOf(objectOf(template)['metadata'])['labels']) as Labels;
  if (Object.keys(wanted).length === 0) refuse(replicaSet, 'spec.selector', 'is required');
  if (!matchesLabels(labels, wanted)) refuse(replicaSet, 'spec.template.metadata.labels', 'do not match the selector');
  if (before !== undefined && !isDeepStrictEqual(selector, objectOf(before['spec'])['selector'])) {
    refuse(replicaSet, 'spec.selector', 'is immutable');
  }
}

function refuse(object: KubeObject, path: string, problem: string): never {
  throw new ApiError('Invalid', `${object.kind} ${object.metadata.name} is invalid: ${path} ${problem}`);
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
