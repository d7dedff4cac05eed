import { Type } from 'typebox';
import type { Json } from '../../schema/json.js';
import { DNS_LABEL_CHECKS, isDnsLabel } from '../../schema/labels.js';
import type { Place } from '../../schema/place.js';
import { anyObject, labelMap, list, openShape, serverChecked, textMap } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import type { PodTemplate } from '../spec.js';
import { checkKubernetesSchema } from './kubernetesSchema.js';
import { readPodMetadata } from './podMetadata.js';

const MAX_CONTAINERS = 50;

export const TemplateMetadataSchema = openShape(
  {
    labels: Type.Optional(labelMap({ description: 'Labels of the pods.' })),
    annotations: Type.Optional(textMap({ description: 'Annotations of the pods.' })),
  },
  { description: 'Metadata of the pods.' },
);

const CONTAINER_CHECKS = {
  required: ['image', 'name'],
  properties: {
    image: { type: 'string', description: 'Image of the container.', minLength: 1 },
    name: { type: 'string', description: 'Name, unique among the containers.', ...DNS_LABEL_CHECKS },
  },
};

/** The only part of a pod's spec that the CRD looks at; Kubernetes' own schema is checked in the hook. */
export const containersField = Type.Optional(
  serverChecked(
    list(serverChecked(anyObject({ description: 'A container.' }), CONTAINER_CHECKS), {
      maxItems: MAX_CONTAINERS,
      description: 'Containers of the pod. Fully validated by the hook.',
      rules: [
        {
          rule: 'self.all(c, self.exists_one(d, d.name == c.name))',
          message: 'names of containers must be unique',
        },
      ],
    }),
    { minItems: 1 },
  ),
);

export function podTemplateSchema(description: string) {
  return openShape(
    {
      metadata: Type.Optional(TemplateMetadataSchema),
      spec: openShape({ containers: containersField }, { description: 'Spec of the pods, as in a Deployment.' }),
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
      .refuse(`a ReplicaSet does not support restartPolicy ${show(restartPolicy)}`, 'use Always, or remove it');
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
    place.at('containers').refuse('at least one container is required', 'add a container with name and image');
  }
  const names = new Set<unknown>();
  for (const field of CONTAINER_LISTS) {
    items(spec[field]).forEach((container, index) => {
      const here = place.at(field, index);
      checkContainerName(container['name'], names, here.at('name'));
      if (typeof container['image'] !== 'string' || container['image'] === '') {
        here.at('image').refuse('image is required', 'set image, for example nginx:1.27');
      }
      checkPorts(items(container['ports']), here.at('ports'));
    });
  }
}

function checkContainerName(name: Json | undefined, names: Set<unknown>, place: Place): void {
  if (typeof name !== 'string' || !isDnsLabel(name)) {
    place.refuse(
      `${show(name ?? null)} is not a valid container name`,
      'use at most 63 lowercase letters, digits and "-"',
    );
  } else if (names.has(name)) {
    place.refuse(`name ${show(name)} is already used by another container`, 'give each container a unique name');
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
        .refuse(`${show(containerPort ?? null)} is not a valid port`, `use a number from 1 to ${MAX_PORT}`);
    }
    if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol)) {
      here.at('protocol').refuse(`${show(protocol)} is not a supported protocol`, 'use TCP, UDP or SCTP');
    }
    if (name === undefined) return;
    if (names.has(name))
      here.at('name').refuse(`name ${show(name)} is already used by another port`, 'rename one of them');
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
          .refuse(
            `volume ${show(mount['name'])} does not exist`,
            `add it to ${place.path}.volumes, or correct the name`,
          );
      });
    });
  }
}
