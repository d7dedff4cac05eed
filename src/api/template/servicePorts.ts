import type { ServicePort } from '../../routers/router.js';
import type { Json, JsonObject } from '../../schema/json.js';
import type { Role } from '../spec.js';

export interface NamedPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: ServicePort['protocol'];
}

/** Ports of all containers of a role, in the user's order. Tolerates a template that has been refused. */
export function containerPorts({ template }: Role): readonly NamedPort[] {
  return objects(template.spec['containers'])
    .flatMap(container => objects(container['ports']))
    .filter(isPort);
}

function objects(list: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(list)) return [];
  return list.filter(item => typeof item === 'object' && item !== null && !Array.isArray(item));
}

function isPort(port: JsonObject): port is JsonObject & NamedPort {
  return typeof port['containerPort'] === 'number';
}

/**
 * Service ports for these container ports: every name, and every number without a name, once. A named one is targeted
 * by its name, so that a revision may move it to another number. One port keeps its name or its lack of one; several
 * need names.
 */
export function defaultPorts(ports: readonly NamedPort[]): readonly ServicePort[] {
  const united = new Map<string, NamedPort>();
  const names = new Set<string>();
  for (const port of ports) {
    const key = `${port.containerPort}/${port.protocol ?? 'TCP'}`;
    if (united.has(key) || (port.name !== undefined && names.has(port.name))) continue;
    united.set(key, port);
    if (port.name !== undefined) names.add(port.name);
  }
  const many = united.size > 1;
  return [...united.values()].map(({ name, containerPort, protocol }) => ({
    ...(name !== undefined ? { name } : many ? { name: `${(protocol ?? 'TCP').toLowerCase()}-${containerPort}` } : {}),
    port: containerPort,
    targetPort: name ?? containerPort,
    ...(protocol === undefined ? {} : { protocol }),
  }));
}
