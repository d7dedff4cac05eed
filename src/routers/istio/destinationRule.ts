import { type Fields, fields, objects, text } from '../../schema/json.js';
import { REVISION_LABEL } from '../../schema/names.js';
import type { TrafficTarget } from '../router.js';
import type { Subsets } from './hosts.js';

/** The user's spec with the two subsets, each selecting one revision; traffic policies written for them are kept. */
export function renderDestinationRule(
  spec: Fields,
  rootService: string,
  subsets: Subsets,
  target: Pick<TrafficTarget, 'stableRevision' | 'canaryRevision'>,
): Fields {
  const written = objects(spec['subsets']);
  const subset = (name: string, revision: string) => ({
    ...written.find(each => each['name'] === name),
    name,
    labels: { [REVISION_LABEL]: revision },
  });
  const others = written.filter(({ name }) => name !== subsets.stable && name !== subsets.canary);
  return {
    ...spec,
    host: text(spec['host']) ?? rootService,
    subsets: [...others, subset(subsets.stable, target.stableRevision), subset(subsets.canary, target.canaryRevision)],
  };
}

export interface Revisions {
  readonly stableRevision?: string;
  readonly canaryRevision?: string;
}

/** The revisions that the observed subsets select; a subset that is not there, or selects otherwise, is left out. */
export function observedRevisions(destinationRule: Fields | undefined, names: Subsets): Revisions {
  const subsets = objects(fields(destinationRule?.['spec'])['subsets']);
  const revision = (name: string) =>
    text(fields(subsets.find(each => each['name'] === name)?.['labels'])[REVISION_LABEL]);
  const stableRevision = revision(names.stable);
  const canaryRevision = revision(names.canary);
  return {
    ...(stableRevision !== undefined && { stableRevision }),
    ...(canaryRevision !== undefined && { canaryRevision }),
  };
}
