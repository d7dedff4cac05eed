/**
 * Running pods keep the metadata that they were created with, unless somebody changes them. Which keys a role in the
 * rollout has added is noted on a pod, so that no others are ever taken from it.
 */
import { fields, items } from '../schema/json.js';
import { ROLE_METADATA_ANNOTATION } from '../schema/names.js';
import { type Entries, type Existing, isOurs } from './podMetadata.js';

/** What a running pod has to change to have the added metadata of its ReplicaSet's template, and none of an earlier one. */
export function changesOf(
  pod: Existing,
  template: Existing,
  selector: Readonly<Record<string, unknown>>,
): { readonly labels: Changes; readonly annotations: Changes } {
  const [now, before] = [readNote(template), readNote(pod)];
  const isFree = (key: string) => !isOurs(key) && !Object.hasOwn(selector, key);
  return {
    labels: differences(
      [...before.labels, ...now.labels].filter(isFree),
      pod.metadata?.labels,
      template.metadata?.labels,
    ),
    annotations: differences(
      [...[...before.annotations, ...now.annotations].filter(isFree), ROLE_METADATA_ANNOTATION],
      pod.metadata?.annotations,
      template.metadata?.annotations,
    ),
  };
}

type Changes = Readonly<Record<string, string | null>>;

function differences(keys: readonly string[], has: Entries = {}, wanted: Entries = {}): Changes {
  const own = (entries: Entries, key: string) => (Object.hasOwn(entries, key) ? entries[key] : undefined);
  const changed = [...new Set(keys)].filter(key => own(has, key) !== own(wanted, key));
  return Object.fromEntries(changed.map(key => [key, own(wanted, key) ?? null]));
}

/** Anybody may have edited it: what is not a list of keys is none. */
function readNote({ metadata }: Existing): {
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
} {
  const text = metadata?.annotations?.[ROLE_METADATA_ANNOTATION];
  const note = fields(text === undefined ? undefined : parsed(text));
  const keys = (value: unknown) => items(value).filter(key => typeof key === 'string');
  return { labels: keys(note['labels']), annotations: keys(note['annotations']) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
