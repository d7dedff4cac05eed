/** What a YAML file holds: one StormService, and what stands beside it. */
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
  /** As the user would name it. */
  readonly file: string;
  /** The StormService. */
  readonly object: KubeObject;
  /** Every object of the file in its order, the StormService among them. */
  readonly objects: readonly KubeObject[];
  /** What `objects` have otherwise than the file. */
  readonly edits: readonly Edit[];
}

/** As `sed` would: whatever stands in the file, in whichever object. */
export function edited({ file, object, objects, edits }: Manifest, edit: Edit): Manifest {
  const changed = objects.map(each => editedObject(each, edit));
  return { file, object: changed[objects.indexOf(object)] ?? object, objects: changed, edits: [...edits, edit] };
}

/** A file that cannot be rolled out. The message says where it is, what is wrong with it and what to write. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

/**
 * The objects of a file with the one StormService among them, each with its namespace.
 *
 * @param path of the file; `file` is how the user named it.
 * @throws BadFile
 */
export function readManifest(path: string, file = path): Manifest {
  const documents = parse(path, file).flatMap(itemsOf);
  const [only, ...more] = documents.filter(document => isObject(document) && document['kind'] === KIND);
  if (only === undefined || more.length > 0) {
    const number = only === undefined ? 'no StormService' : `${more.length + 1} StormServices`;
    throw new BadFile(`${file}: has ${number}; write one object of kind ${KIND}`);
  }
  const problems = documents.flatMap(problemsOf);
  if (problems.length > 0) throw new BadFile([`${file}:`, ...problems].join('\n  '));
  const objects = inNamespaces(documents as readonly KubeObject[]);
  const object = objects[documents.indexOf(only)] as KubeObject;
  return { file, object, objects, edits: [] };
}

/** A List's items; nothing where nothing stands between two `---`. */
function itemsOf(document: unknown): readonly unknown[] {
  if (document === null || document === undefined) return [];
  return isObject(document) && document['kind'] === 'List' && isList(document['items'])
    ? document['items']
    : [document];
}

/** Ours have to be right; of others it is enough that they are objects. */
function problemsOf(document: unknown): readonly string[] {
  const { apiVersion, kind, metadata } = isObject(document) ? document : {};
  if (apiVersion === API_VERSION || kind === KIND) return checkObject(document, 'dynamic-apply').map(describe);
  const isNamed = isObject(metadata) && typeof metadata['name'] === 'string';
  if (typeof apiVersion === 'string' && typeof kind === 'string' && isNamed) return [];
  return [
    `${typeof kind === 'string' ? kind : 'a document'}: is not a Kubernetes object; write apiVersion, kind and metadata.name`,
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
