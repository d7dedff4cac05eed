/**
 * Metadata that the strategy adds to pods for as long as they have a role in the rollout: canary and stable, or preview
 * and active. It is part of a ReplicaSet's pod template and of no revision, so it can follow the role: a change of a
 * template's metadata reaches new pods only, and restarts none.
 */
import type { PodMetadata, PodTemplate, Spec } from '../api/spec.js';
import { canonical } from '../schema/hash.js';
import { isObject } from '../schema/json.js';
import { AIBRIX_NAME_LABEL, AIBRIX_ROLE_LABEL, GROUP, ROLE_METADATA_ANNOTATION } from '../schema/names.js';

/** What a revision is in a rollout. `former`: neither stable nor new. */
export type RolloutRole = 'stable' | 'new' | 'former';

const NONE: PodMetadata = { labels: {}, annotations: {} };

export function addedMetadata({ strategy }: Spec, role: RolloutRole): PodMetadata {
  if (role === 'former') return NONE;
  switch (strategy.type) {
    case 'Canary':
      return role === 'stable' ? strategy.stableMetadata : strategy.canaryMetadata;
    case 'BlueGreen':
      return role === 'stable' ? strategy.activeMetadata : strategy.previewMetadata;
    case 'RollingUpdate':
      return NONE;
    default:
      return strategy satisfies never;
  }
}

export type Entries = Readonly<Record<string, string>>;

/** Metadata of a pod template: as written, then what is added, then the labels that nothing may change. */
export function templateMetadata(
  written: PodTemplate['metadata'],
  added: PodMetadata,
  fixed: Entries,
): { readonly labels: Entries; readonly annotations: Entries } {
  const note = noteOf(added, fixed);
  return {
    labels: { ...written?.labels, ...added.labels, ...fixed },
    annotations: { ...written?.annotations, ...added.annotations, ...note },
  };
}

/** Which keys were added, for the pods: no others are ever taken from a running one. */
function noteOf({ labels, annotations }: PodMetadata, fixed: Entries): Entries {
  const keys = {
    labels: Object.keys(labels)
      .filter(key => !Object.hasOwn(fixed, key))
      .sort(),
    annotations: Object.keys(annotations).sort(),
  };
  const isEmpty = keys.labels.length + keys.annotations.length === 0;
  return isEmpty ? {} : { [ROLE_METADATA_ANNOTATION]: canonical(keys) };
}

/** A pod template or its metadata, as a ReplicaSet has it. */
export interface Existing {
  readonly metadata?: { readonly labels?: Entries; readonly annotations?: Entries };
}

/**
 * An existing pod template with other metadata. Selector labels and ours stay as they are, and so does all that others
 * have added: `template` holds what was returned last, and `observed` everything. The same object if nothing changes.
 */
export function withMetadata<Template extends Existing>(
  template: Template,
  observed: Existing,
  selector: Entries,
  { written, added }: { readonly written: PodTemplate['metadata']; readonly added: PodMetadata },
): Template {
  const { labels = {}, annotations } = template.metadata ?? {};
  const fixed = Object.fromEntries(
    Object.entries(labels).filter(([key]) => isOurs(key) || Object.hasOwn(selector, key)),
  );
  const wanted = templateMetadata(written, added, fixed);
  const unchanged =
    canonical(wanted.labels) === canonical(labels) && canonical(wanted.annotations) === canonical(annotations ?? {});
  if (unchanged && (annotations === undefined || keepsAnnotations(wanted.annotations, annotations, observed)))
    return template;
  const { annotations: _, ...metadata } = template.metadata ?? {};
  return {
    ...template,
    metadata: {
      ...metadata,
      labels: wanted.labels,
      ...(keepsAnnotations(wanted.annotations, annotations ?? {}, observed) && { annotations: wanted.annotations }),
    },
  };
}

/** A map that is left out is removed whole; an empty one leaves those of others, but is written again if there are none. */
function keepsAnnotations(wanted: Entries, before: Entries, observed: Existing): boolean {
  const theirs = Object.keys(observed.metadata?.annotations ?? {}).filter(key => !Object.hasOwn(before, key));
  return Object.keys(wanted).length > 0 || theirs.length > 0;
}

/** Labels by which pods are found: never those of a role in the rollout. */
export function isOurs(key: string): boolean {
  return key.startsWith(`${GROUP}/`) || key === AIBRIX_NAME_LABEL || key === AIBRIX_ROLE_LABEL;
}

/** The metadata of something that may be no pod template. */
export function asExisting(value: unknown): Existing {
  return isObject(value) ? (value as Existing) : {};
}
