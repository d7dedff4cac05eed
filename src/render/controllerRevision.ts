import type { KubeObject } from '../metacontroller/object.js';
import { asLastApplied } from '../metacontroller/unchanged.js';
import type { Parent } from '../observe/parent.js';
import type { Revision } from '../observe/revisions.js';
import { canonical } from '../schema/hash.js';
import { CHANGE_CAUSE_ANNOTATIONS, childName, REVISION_LABEL, STORMSERVICE_LABEL } from '../schema/names.js';

/**
 * A revision's record in history. The template is one string: as an object it would be merged, and two ports with the
 * same number would become one. Its update strategy is OnDelete: a record never changes.
 */
export function renderControllerRevision(parent: Parent, revision: Revision): KubeObject | undefined {
  if (revision.record) return asLastApplied(revision.record);
  if (!revision.template) return undefined;
  const causes = CHANGE_CAUSE_ANNOTATIONS.flatMap(name => {
    const cause = parent.annotations[name];
    return cause === undefined ? [] : [[name, cause] as const];
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: childName(parent.name, revision.hash),
      namespace: parent.namespace,
      labels: { [STORMSERVICE_LABEL]: parent.name, [REVISION_LABEL]: revision.hash },
      ...(causes.length > 0 && { annotations: Object.fromEntries(causes) }),
    },
    data: { template: canonical(revision.template) },
    revision: revision.number,
  };
}
