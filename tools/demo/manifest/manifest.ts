/** The contents of a YAML file: one StormService, and the objects it needs. */
import { readFileSync } from 'node:fs';
import { loadAll, YAMLException } from 'js-yaml';
import { checkObject } from '../../../src/api/checkObject.js';
import { kindOf } from '../../../src/metacontroller/children.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { isList, isObject } from '../../../src/schema/json.js';
import { API_VERSION, KIND } from '../../../src/schema/names.js';
import { describe } from '../../../src/schema/problem.js';
import { type Edit, editedObject } from './edit.js';
import { clusterKinds } from './fileKinds.js';

export interface Manifest {
  /** Path as the user wrote it. */
  readonly file: string;
  /** The StormService. */
  readonly object: KubeObject;
  /** All objects of the file in order, including the StormService. */
  readonly objects: readonly KubeObject[];
  /** How `objects` differ from the file. */
  readonly edits: readonly Edit[];
}

/** Edits all objects, as `sed` would. */
export function edited({ file, object, objects, edits }: Manifest, edit: Edit): Manifest {
  const changed = objects.map(each => editedObject(each, edit));
  return { file, object: changed[objects.indexOf(object)] ?? object, objects: changed, edits: [...edits, edit] };
}

/** A file that cannot be rolled out. The message has the place, the problem and the remedy. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

/**
 * The objects of a file including exactly one StormService, each with its namespace.
 *
 * @param path of the file; `file` is how the user named it.
 * @throws BadFile
 */
export function readManifest(path: string, file = path): Manifest {
  const documents = parse(path, file).flatMap(itemsOf);
  const [only, ...more] = documents.filter(document => isObject(document) && document['kind'] === KIND);
  if (only === undefined || more.length > 0) {
    const number = only === undefined ? 'no StormService' : `${more.length + 1} StormServices`;
    throw new BadFile(`${file}: contains ${number}; it must contain exactly one object of kind ${KIND}`);
  }
  const problems = documents.flatMap(problemsOf);
  if (problems.length > 0) throw new BadFile([`${file}:`, ...problems].join('\n  '));
  const objects = inNamespaces(documents as readonly KubeObject[]);
  const object = objects[documents.indexOf(only)] as KubeObject;
  return { file, object, objects, edits: [] };
}

/** The items of a List; none for an empty document. */
function itemsOf(document: unknown): readonly unknown[] {
  if (document === null || document === undefined) return [];
  return isObject(document) && document['kind'] === 'List' && isList(document['items'])
    ? document['items']
    : [document];
}

/** Our objects must be valid; others only need to be objects. */
function problemsOf(document: unknown): readonly string[] {
  const { apiVersion, kind, metadata } = isObject(document) ? document : {};
  if (apiVersion === API_VERSION || kind === KIND) return checkObject(document, 'dynamic-apply').map(describe);
  const isNamed = isObject(metadata) && typeof metadata['name'] === 'string';
  if (typeof apiVersion === 'string' && typeof kind === 'string' && isNamed) return [];
  return [
    `${typeof kind === 'string' ? kind : 'a document'}: is not a Kubernetes object: set apiVersion, kind and metadata.name`,
  ];
}

function inNamespaces(objects: readonly KubeObject[]): readonly KubeObject[] {
  const kinds = new Map(clusterKinds(objects).map(definition => [kindOf(definition), definition]));
  return objects.map(object => {
    const { namespace = 'default', ...metadata } = object.metadata;
    return { ...object, metadata: kinds.get(kindOf(object))?.namespaced ? { ...metadata, namespace } : metadata };
  });
}

function parse(path: string, file: string): readonly unknown[] {
  try {
    return loadAll(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLException) throw new BadFile(`${file}: is not YAML: ${error.message}`);
    throw new BadFile(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
