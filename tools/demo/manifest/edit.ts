import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { Json } from '../../../src/schema/json.js';
import { isList, isObject } from '../../../src/schema/json.js';

/** A change that `sed` makes to a file before it is applied. */
export interface Edit {
  /** Only fields with this name are changed. */
  readonly field: 'image' | 'value';
  readonly from: string;
  readonly to: string;
}

/** The object with `from` replaced by `to` in every field of that name. */
export function editedObject(object: KubeObject, edit: Edit): KubeObject {
  return replace(object as unknown as Json, edit) as unknown as KubeObject;
}

function replace(value: Json, edit: Edit): Json {
  if (isList(value)) return value.map(item => replace(item, edit));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([field, member]) => [
    field,
    field === edit.field && member === edit.from ? edit.to : replace(member ?? null, edit),
  ]);
  return Object.fromEntries(members);
}

/** For a shell. */
export function sedText(edits: readonly Edit[], file: string): string {
  const scripts = edits.map(({ from, to }) => `'s#${from}#${to}#'`);
  const [only = ''] = scripts;
  return scripts.length === 1 ? `sed ${only} ${file}` : `sed ${scripts.map(each => `-e ${each}`).join(' ')} ${file}`;
}
