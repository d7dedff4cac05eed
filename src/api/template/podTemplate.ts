import { Type } from 'typebox';
import type { Json } from '../../schema/json.js';
import { isDnsLabel } from '../../schema/labels.js';
import type { Place } from '../../schema/place.js';
import { anyObject, list, openShape, textMap } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { PodTemplate } from '../spec.js';
import { checkKubernetesSchema } from './kubernetesSchema.js';
import { readPodMetadata } from './podMetadata.js';

const MAX_CONTAINERS = 50;

export const TemplateMetadataSchema = openShape(
  {
    labels: Type.Optional(textMap({ description: 'Labels of the pods.' })),
    annotations: Type.Optional(textMap({ description: 'Annotations of the pods.' })),
  },
  { description: 'Metadata of the pods.' },
);

/** The only part of a pod's spec that the CRD looks at; Kubernetes' own schema is checked in the hook. */
export const containersField = Type.Optional(
  list(anyObject({ description: 'One container.' }), {
    maxItems: MAX_CONTAINERS,
    description: 'Containers, as in any pod. Checked in full by the hook.',
  }),
);

export function podTemplateSchema(description: string) {
  return openShape(
    {
      metadata: Type.Optional(TemplateMetadataSchema),
      spec: openShape({ containers: containersField }, { description: "A pod's spec, as in a Deployment." }),
    },
    { description },
  );
}

type Fields = Readonly<Record<string, Json | undefined>>;

/**
 * A pod template that a ReplicaSet can run, checked against Kubernetes' schema and against the rules of the API server
 * that would otherwise show up as a child that is never applied.
 */
export function checkPodTemplate(template: PodTemplate, place: Place): void {
  const before = place.count;
  checkKubernetesSchema(template, place);
  readPodMetadata(template.metadata, place.at('metadata'));
  if (place.count > before) return;
  const spec = template.spec as Fields;
  const here = place.at('spec');
  checkContainers(spec, here);
  checkVolumeMounts(spec, here);
  const restartPolicy = spec['restartPolicy'];
  if (restartPolicy !== undefined && restartPolicy !== null && restartPolicy !== 'Always') {
    here
      .at('restartPolicy')
      .refuse(`a ReplicaSet cannot run pods with ${show(restartPolicy)}`, 'write Always, or remove it');
  }
}

/** Lists of the spec that hold containers; names are unique over the first two. */
const CONTAINER_LISTS = ['initContainers', 'containers'] as const;

/** Items of a list; one that is null, which Kubernetes' schema tolerates, as an empty object. */
function items(value: Json | undefined): readonly Fields[] {
  return Array.isArray(value) ? value.map(item => (item ?? {}) as Fields) : [];
}

function checkContainers(spec: Fields, place: Place): void {
  if (items(spec['containers']).length === 0) {
    place.at('containers').refuse('there is no container', 'write at least one, with name and image');
  }
  const names = new Set<unknown>();
  for (const field of CONTAINER_LISTS) {
    items(spec[field]).forEach((container, index) => {
      const here = place.at(field, index);
      checkContainerName(container['name'], names, here.at('name'));
      if (typeof container['image'] !== 'string' || container['image'] === '') {
        here.at('image').refuse('there is no image', 'write the image, for example nginx:1.27');
      }
      checkPorts(items(container['ports']), here.at('ports'));
    });
  }
}

function checkContainerName(name: Json | undefined, names: Set<unknown>, place: Place): void {
  if (typeof name !== 'string' || !isDnsLabel(name)) {
    place.refuse(
      `${show(name ?? null)} is not a container's name`,
      'write lower-case letters, digits and "-", at most 63',
    );
  } else if (names.has(name)) {
    place.refuse(`${show(name)} is the name of another container as well`, 'give every container a name of its own');
  }
  names.add(name);
}

const MAX_PORT = 65_535;

function checkPorts(ports: readonly Fields[], place: Place): void {
  const names = new Set<Json>();
  ports.forEach((port, index) => {
    const { containerPort, name, protocol } = port as { containerPort?: number; name?: string; protocol?: string };
    const here = place.at(index);
    if (containerPort === undefined || containerPort < 1 || containerPort > MAX_PORT) {
      here
        .at('containerPort')
        .refuse(`${show(containerPort ?? null)} is not a port`, `write a number in 1..${MAX_PORT}`);
    }
    if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol)) {
      here.at('protocol').refuse(`${show(protocol)} is not a protocol`, 'write TCP, UDP or SCTP');
    }
    if (name === undefined) return;
    if (names.has(name))
      here.at('name').refuse(`${show(name)} is the name of another port as well`, 'rename one of them');
    names.add(name);
  });
}

function checkVolumeMounts(spec: Fields, place: Place): void {
  const volumes = new Set(items(spec['volumes']).map(volume => volume['name']));
  for (const field of CONTAINER_LISTS) {
    items(spec[field]).forEach((container, index) => {
      items(container['volumeMounts']).forEach((mount, at) => {
        if (volumes.has(mount['name'])) return;
        place
          .at(field, index, 'volumeMounts', at, 'name')
          .refuse(`there is no volume ${show(mount['name'])}`, `add it to ${place.path}.volumes, or correct the name`);
      });
    });
  }
}
