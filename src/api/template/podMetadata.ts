import { Type } from 'typebox';
import { checkAnnotations, checkLabels } from '../../schema/labels.js';
import { AIBRIX_NAME_LABEL, AIBRIX_ROLE_LABEL, GROUP } from '../../schema/names.js';
import type { Place } from '../../schema/place.js';
import { labelMap, shape, textMap } from '../../schema/schema.js';
import type { PodMetadata } from '../spec.js';

const MAX_ENTRIES = 100;

const notReserved = {
  rule: `self.all(key, !key.startsWith('${GROUP}/'))`,
  message: `keys that start with ${GROUP}/ are managed by the rollout`,
};

/** Labels and annotations that are added to pods. */
export function podMetadataSchema(description: string) {
  return shape(
    {
      labels: Type.Optional(
        labelMap({ maxProperties: MAX_ENTRIES, rules: [notReserved], description: 'Labels to add.' }),
      ),
      annotations: Type.Optional(
        textMap({ maxProperties: MAX_ENTRIES, rules: [notReserved], description: 'Annotations to add.' }),
      ),
    },
    { description },
  );
}

type Raw = Partial<PodMetadata> | undefined;

/** What a strategy adds to pods for as long as they have a role in the rollout. */
export function readRoleMetadata(raw: Raw, { selector }: RoleMetadataContext, place: Place): PodMetadata {
  const metadata = readPodMetadata(raw, place);
  for (const [key, value] of Object.entries(metadata.labels)) {
    const here = place.at('labels', key);
    if (key === AIBRIX_NAME_LABEL || key === AIBRIX_ROLE_LABEL) refuseManaged(key, here);
    if (selector.has(key) && selector.get(key) !== value) {
      here.refuse(`spec.selector selects by ${key}, so these pods would not match it`, 'use another label');
    }
  }
  return metadata;
}

export interface RoleMetadataContext {
  /** Labels that spec.selector selects by; undefined where it is not one value. */
  readonly selector: ReadonlyMap<string, string | undefined>;
}

/** Labels and annotations that a user gives to pods, none of them ours. */
export function readPodMetadata(raw: Raw, place: Place): PodMetadata {
  const labels = raw?.labels ?? {};
  const annotations = raw?.annotations ?? {};
  checkLabels(labels, place.at('labels'));
  checkAnnotations(annotations, place.at('annotations'));
  refuseReserved(labels, place.at('labels'));
  refuseReserved(annotations, place.at('annotations'));
  return { labels, annotations };
}

function refuseReserved(entries: Readonly<Record<string, string>>, place: Place): void {
  for (const key of Object.keys(entries)) {
    if (key.startsWith(`${GROUP}/`)) refuseManaged(key, place.at(key));
  }
}

function refuseManaged(key: string, place: Place): void {
  place.refuse(`${key} is managed by the rollout`, 'remove it, or use another key');
}
