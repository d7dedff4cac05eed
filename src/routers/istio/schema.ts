import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { anyObject, choice, eitherForm, list, nameText, type Static, shape, text } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';

export const ISTIO_API = 'networking.istio.io/v1';
export const RULE_DEFAULTS = { splitting: 'Subset', canarySubsetName: 'canary', stableSubsetName: 'stable' } as const;

/** A spec stands without hosts and gateways. A name passes both. */
const SPEC_ALONE = {
  anyOf: [
    { properties: { spec: { minProperties: 1, maxProperties: 0 } } },
    { properties: { hosts: { minItems: 1, maxItems: 0 }, gateways: { minItems: 1, maxItems: 0 } } },
  ],
};

const VirtualServiceSchema = eitherForm(
  shape(
    {
      name: Type.Optional(
        nameText({ description: 'Name of the VirtualService. Default: the name of the StormService.' }),
      ),
      spec: Type.Optional(
        anyObject({
          description:
            'Its spec, written as if there were only the stable Service; every route to that Service is split.',
        }),
      ),
      hosts: Type.Optional(
        list(text({ minLength: 1, description: 'One host.' }), {
          maxItems: 100,
          description: 'Hosts, without spec. Default: the root Service.',
        }),
      ),
      gateways: Type.Optional(
        list(text({ minLength: 1, description: 'One gateway.' }), {
          maxItems: 100,
          description: 'Gateways, without spec. Default: mesh.',
        }),
      ),
    },
    { description: 'The VirtualService that the hook creates. In the first draft, only its name.' },
  ),
  SPEC_ALONE,
);

const DestinationRuleSchema = eitherForm(
  shape(
    {
      name: Type.Optional(
        nameText({ description: 'Name of the DestinationRule. Default: the name of the StormService.' }),
      ),
      spec: Type.Optional(anyObject({ description: 'Its spec without the two subsets, for example trafficPolicy.' })),
      splitting: Type.Optional(
        choice(['Host', 'Subset'], {
          description:
            'Host: split between the stable and the canary Service. Subset: between two subsets of one host. Default: Subset.',
        }),
      ),
      canarySubsetName: Type.Optional(nameText({ description: 'Name of the subset of new pods. Default: canary.' })),
      stableSubsetName: Type.Optional(nameText({ description: 'Name of the subset of stable pods. Default: stable.' })),
    },
    { description: 'The DestinationRule that the hook creates. In the first draft, only its name.' },
  ),
  {},
);

export const IstioSchema = shape(
  {
    virtualService: Type.Optional(VirtualServiceSchema),
    destinationRule: Type.Optional(DestinationRuleSchema),
  },
  { description: 'Istio: the hook creates a VirtualService and, if configured, a DestinationRule.' },
);

type Raw = Static<typeof IstioSchema>;

/** `trafficRouting.istio` with all defaults. */
export type IstioConfig = ReturnType<typeof readIstio>[number];

export function readIstio({ virtualService = {}, destinationRule }: Raw, { name }: RoutingNames, place: Place) {
  const { spec, hosts, gateways } = virtualService;
  if (spec !== undefined && (hosts !== undefined || gateways !== undefined)) {
    place
      .at('virtualService')
      .refuse('spec and hosts or gateways are both written', 'write hosts and gateways inside spec');
  }
  return [
    {
      virtualService: { name, ...virtualService },
      ...(destinationRule && { destinationRule: { name, ...RULE_DEFAULTS, ...destinationRule } }),
    },
  ];
}
