import { Type } from 'typebox';
import type { ServicePort } from '../../routers/router.js';
import { checkAnnotations, checkLabels } from '../../schema/labels.js';
import { suggest } from '../../schema/nearest.js';
import type { Place } from '../../schema/place.js';
import {
  choice,
  intOrString,
  labelMap,
  list,
  nameText,
  type Static,
  serverChecked,
  shape,
  textMap,
  whole,
} from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { Role, ServiceSpec } from '../spec.js';
import { checkServiceName, serviceNameField } from '../strategy/serviceNames.js';
import { containerPorts, defaultPorts, type NamedPort } from './servicePorts.js';

const MAX_PORT = 65_535;
const PORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const PortSchema = shape(
  {
    name: Type.Optional(
      serverChecked(
        Type.String({ minLength: 1, maxLength: 63, description: 'Name; required if there are several ports.' }),
        { pattern: PORT_NAME.source },
      ),
    ),
    port: whole({ minimum: 1, maximum: MAX_PORT, description: 'Port of the Service.' }),
    targetPort: Type.Optional(
      serverChecked(intOrString({ description: 'Container port, by number or name. Default: port.' }), {
        minimum: 1,
        maximum: MAX_PORT,
      }),
    ),
    protocol: Type.Optional(choice(['TCP', 'UDP', 'SCTP'], { description: 'Protocol. Default TCP.' })),
    nodePort: Type.Optional(whole({ minimum: 1, maximum: MAX_PORT, description: 'Node port of the root Service.' })),
    appProtocol: Type.Optional(nameText({ description: 'Application protocol, as in a Service.' })),
  },
  { description: 'A port.' },
);

export const ServiceSchema = shape(
  {
    name: Type.Optional(serviceNameField('Name of the root Service. Default: the name of the StormService.')),
    ports: Type.Optional(
      list(PortSchema, {
        maxItems: 50,
        description: 'Ports. Default: the container ports. If empty, no Services are created.',
        rules: [
          { rule: 'self.size() <= 1 || self.all(p, has(p.name))', message: 'several ports need names' },
          {
            rule: 'self.all(p, !has(p.name) || self.exists_one(q, has(q.name) && q.name == p.name))',
            message: 'names of ports must be unique',
          },
          {
            rule: "self.all(p, self.exists_one(q, q.port == p.port && (has(q.protocol) ? q.protocol : 'TCP') == (has(p.protocol) ? p.protocol : 'TCP')))",
            message: 'each port may be listed once for a protocol',
          },
        ],
      }),
    ),
    type: Type.Optional(
      choice(['ClusterIP', 'NodePort', 'LoadBalancer'], {
        description: 'Type of the root Service. Default ClusterIP.',
      }),
    ),
    role: Type.Optional(
      nameText({ description: 'With roles: select only the pods of this role. Default: the pods of all roles.' }),
    ),
    labels: Type.Optional(labelMap({ description: 'Labels of the Services.' })),
    annotations: Type.Optional(textMap({ description: 'Annotations of the Services.' })),
  },
  { description: 'Services to create for the pods.' },
);

type Raw = Static<typeof ServiceSchema>;

/** Undefined: no port is known, so no Service is made. */
export function readService(raw: Raw, name: string, roles: readonly Role[], place: Place): ServiceSpec | undefined {
  if (raw.name !== undefined) checkServiceName(raw.name, place.at('name'));
  checkLabels(raw.labels ?? {}, place.at('labels'));
  checkAnnotations(raw.annotations ?? {}, place.at('annotations'));
  const served = servedRoles(raw.role, roles, place.at('role'));
  const known = served.flatMap(containerPorts);
  if (raw.ports !== undefined) checkPorts(raw.ports, known, place.at('ports'));
  const ports: readonly ServicePort[] = raw.ports ?? defaultPorts(known);
  if (ports.length === 0) return undefined;
  return {
    name: raw.name ?? name,
    ports,
    ...(raw.type === undefined ? {} : { type: raw.type }),
    ...(raw.role === undefined ? {} : { role: raw.role }),
    labels: raw.labels ?? {},
    annotations: raw.annotations ?? {},
  };
}

function servedRoles(role: string | undefined, roles: readonly Role[], place: Place): readonly Role[] {
  if (role === undefined) return roles;
  const served = roles.filter(({ name }) => name === role);
  if (served.length === 0) {
    const names = roles.map(({ name }) => name).filter(name => name !== '');
    place.refuse(`role ${show(role)} does not exist`, suggest(role, names));
  }
  return served;
}

function checkPorts(ports: readonly ServicePort[], known: readonly NamedPort[], place: Place): void {
  const names = new Set<string>();
  const numbers = new Set<string>();
  ports.forEach((port, index) => {
    const here = place.at(index);
    checkPortName(port, ports.length, names, here.at('name'));
    const key = `${port.port}/${port.protocol ?? 'TCP'}`;
    if (numbers.has(key)) here.at('port').refuse(`port ${key} is listed twice`, 'remove one of them');
    numbers.add(key);
    checkTarget(port, known, here.at('targetPort'));
  });
}

function checkPortName({ name }: ServicePort, count: number, names: Set<string>, place: Place): void {
  if (name === undefined) {
    if (count > 1) place.refuse('name is required if there are several ports', 'add a name, for example name: http');
    return;
  }
  if (!PORT_NAME.test(name))
    place.refuse(`${show(name)} is not a valid port name`, 'use lowercase letters, digits and "-"');
  if (names.has(name)) place.refuse(`name ${show(name)} is already used by another port`, 'rename one of them');
  names.add(name);
}

function checkTarget({ targetPort }: ServicePort, known: readonly NamedPort[], place: Place): void {
  if (typeof targetPort === 'string') {
    const names = known.flatMap(({ name }) => (name === undefined ? [] : [name]));
    if (!names.includes(targetPort))
      place.refuse(`no container has a port named ${show(targetPort)}`, suggest(targetPort, names));
  } else if (targetPort !== undefined && (targetPort < 1 || targetPort > MAX_PORT)) {
    place.refuse(
      `${targetPort} is not a valid port`,
      `use a number from 1 to ${MAX_PORT}, or the name of a container port`,
    );
  }
}
