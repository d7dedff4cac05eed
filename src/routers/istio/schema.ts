import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import type { Place } from '../../schema/place.js';
import { anyObject, choice, list, nameText, type Static, shape, text, untyped } from '../../schema/schema.js';

const VirtualServiceSchema = untyped(
  shape(
    {
      name: Type.Optional(
        nameText({ description: 'Name of the VirtualService. Default: the name of the StormService.' }),
      ),
      spec: Type.Optional(
        anyObject({
          description:
            'Its spec as you would write it with the stable Service as destination; every route to it is split.',
        }),
      ),
      hosts: Type.Optional(
        list(text({ minLength: 1, description: 'One host.' }), {
          maxItems: 100,
          description: 'Hosts, where no spec is given. Default: the root Service.',
        }),
      ),
      gateways: Type.Optional(
        list(text({ minLength: 1, description: 'One gateway.' }), {
          maxItems: 100,
          description: 'Gateways, where no spec is given. Default: mesh.',
        }),
      ),
    },
    { description: 'The VirtualService that we make. The first draft wrote its name alone.' },
  ),
);

const DestinationRuleSchema = untyped(
  shape(
    {
      name: Type.Optional(
        nameText({ description: 'Name of the DestinationRule. Default: the name of the StormService.' }),
      ),
      spec: Type.Optional(anyObject({ description: 'Its spec without subsets, for example trafficPolicy.' })),
      splitting: Type.Optional(
        choice(['Host', 'Subset'], {
          description: 'Host: by the stable and the canary Service. Subset: by subsets of one host. Default Subset.',
        }),
      ),
      canarySubsetName: Type.Optional(nameText({ description: 'Name of the subset of new pods. Default canary.' })),
      stableSubsetName: Type.Optional(nameText({ description: 'Name of the subset of stable pods. Default stable.' })),
    },
    { description: 'The DestinationRule that we make. The first draft wrote its name alone.' },
  ),
);

export const IstioSchema = shape(
  {
    virtualService: Type.Optional(VirtualServiceSchema),
    destinationRule: Type.Optional(DestinationRuleSchema),
  },
  { description: 'Istio: a VirtualService and, when asked for, a DestinationRule of ours.' },
);

export function readIstio(raw: Static<typeof IstioSchema>, name: string, place: Place): JsonObject {
  const { virtualService = {}, destinationRule } = raw;
  if (
    virtualService.spec !== undefined &&
    (virtualService.hosts !== undefined || virtualService.gateways !== undefined)
  ) {
    place
      .at('virtualService')
      .refuse('spec and hosts or gateways are both written', 'write hosts and gateways inside spec');
  }
  return {
    virtualService: { name, ...virtualService } as JsonObject,
    ...(destinationRule === undefined
      ? {}
      : {
          destinationRule: {
            name,
            splitting: 'Subset',
            canarySubsetName: 'canary',
            stableSubsetName: 'stable',
            ...destinationRule,
          } as JsonObject,
        }),
  };
}
