import { Type } from 'typebox';
import { checkAnnotations, checkLabels } from '../../schema/labels.js';
import { GROUP } from '../../schema/names.js';
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

/** Labels and annotations that a user gives to pods, none of them ours. */
export function readPodMetadata(raw: Partial<PodMetadata> | undefined, place: Place): PodMetadata {
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
    if (!key.startsWith(`${GROUP}/`)) continue;
    place.at(key).refuse(`${key} is managed by the rollout`, 'remove it, or use another prefix');
  }
}
