import type { Role, ServicePort } from './spec.js';

export interface NamedPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: ServicePort['protocol'];
}

interface Container {
  readonly ports?: readonly NamedPort[];
}

/** Ports of all containers of a role, in the user's order. */
export function containerPorts({ template }: Role): readonly NamedPort[] {
  const { containers } = template.spec as { readonly containers?: readonly Container[] };
  return Array.isArray(containers) ? containers.flatMap((container: Container) => container?.ports ?? []) : [];
}

/**
 * Service ports for these container ports: every name, and every number without a name, once. A named one is targeted
 * by its name, so that a revision may move it to another number. One port keeps its name or its lack of one; several
 * need names.
 */
export function defaultPorts(ports: readonly NamedPort[]): readonly ServicePort[] {
  const united = new Map<string, NamedPort>();
  for (const port of ports) {
    const key = `${port.containerPort}/${port.protocol ?? 'TCP'}`;
    const known = port.name === undefined ? false : [...united.values()].some(({ name }) => name === port.name);
    if (!known && !united.has(key)) united.set(key, port);
  }
  const many = united.size > 1;
  return [...united.values()].map(({ name, containerPort, protocol }) => ({
    ...(name !== undefined ? { name } : many ? { name: `${(protocol ?? 'TCP').toLowerCase()}-${containerPort}` } : {}),
    port: containerPort,
    targetPort: name ?? containerPort,
    ...(protocol === undefined ? {} : { protocol }),
  }));
}
