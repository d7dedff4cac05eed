/** StormServices out of YAML files. */
import { readFileSync } from 'node:fs';
import { loadAll, YAMLException } from 'js-yaml';
import { checkObject } from '../../api/checkObject.js';
import { describe } from '../../api/problem.js';
import { isObject } from '../../metacontroller/fieldSet.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { KIND } from '../../names.js';
import { type Edit, editedObject } from './edit.js';

/** A StormService out of a file. */
export interface Manifest {
  /** As the user would name it. */
  readonly file: string;
  readonly object: KubeObject;
  /** What `object` has otherwise than the file. */
  readonly edits: readonly Edit[];
}

export function edited({ file, object, edits }: Manifest, edit: Edit): Manifest {
  return { file, object: editedObject(object, edit), edits: [...edits, edit] };
}

/** A file that cannot be rolled out. The message says where it is, what is wrong with it and what to write. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

/**
 * The one StormService of a file, with its namespace.
 *
 * @param path of the file; `file` is how the user named it.
 * @throws BadFile
 */
export function readManifest(path: string, file = path): Manifest {
  const documents = parse(path, file);
  const stormServices = documents.filter(document => isObject(document) && document['kind'] === KIND);
  if (stormServices.length !== 1) {
    const number = stormServices.length === 0 ? 'no StormService' : `${stormServices.length} StormServices`;
    throw new BadFile(`${file}: has ${number}; write one object of kind ${KIND}`);
  }
  const [object] = stormServices as readonly unknown[] as readonly [KubeObject];
  const problems = checkObject(object, 'dynamic-apply');
  if (problems.length > 0) throw new BadFile([`${file}:`, ...problems.map(describe)].join('\n  '));
  return { file, object: { ...object, metadata: { namespace: 'default', ...object.metadata } }, edits: [] };
}

function parse(path: string, file: string): readonly unknown[] {
  try {
    return loadAll(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLException) throw new BadFile(`${file}: is not YAML: ${error.message}`);
    throw new BadFile(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
