import type { ServiceSpec } from '../api/spec.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { Parent } from '../observe/parent.js';
import { ALL_REVISIONS, type Selection } from '../observe/services.js';
import { REVISION_LABEL, ROLE_LABEL, STORMSERVICE_LABEL } from '../schema/names.js';

/**
 * One of our Services. Only the root Service has the type and node ports in the spec: the others are for routers and
 * previews inside the cluster.
 */
export function renderService(parent: Parent, service: ServiceSpec, name: string, selection: Selection): KubeObject {
  const isRoot = name === service.name;
  const { annotations, labels, ports, role, type } = service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: parent.namespace,
      labels: { ...labels, [STORMSERVICE_LABEL]: parent.name },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      ...(isRoot && type !== undefined && { type }),
      ports: ports.map(({ nodePort, ...port }) => ({ ...port, ...(isRoot && nodePort !== undefined && { nodePort }) })),
      selector: {
        [STORMSERVICE_LABEL]: parent.name,
        ...(selection !== ALL_REVISIONS && { [REVISION_LABEL]: selection }),
        ...(role !== undefined && { [ROLE_LABEL]: role }),
      },
    },
  };
}
