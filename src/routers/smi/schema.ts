import { Type } from 'typebox';
import { choice, firstDraft, nameText, type Static, shape } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';

const VERSIONS = [
  'split.smi-spec.io/v1alpha1',
  'split.smi-spec.io/v1alpha2',
  'split.smi-spec.io/v1alpha3',
  'split.smi-spec.io/v1alpha4',
] as const;

export const SmiSchema = shape(
  {
    rootService: Type.Optional(nameText({ description: 'Service that clients call. Default: the root Service.' })),
    trafficSplitName: Type.Optional(
      nameText({ description: 'Name of the TrafficSplit. Default: the name of the StormService.' }),
    ),
    apiVersion: Type.Optional(choice(VERSIONS, { description: 'apiVersion of the TrafficSplit. Default: v1alpha1.' })),
    trafficSplit: firstDraft(nameText({ description: 'First-draft form of trafficSplitName.' })),
  },
  { description: 'Service Mesh Interface: the hook creates a TrafficSplit.' },
);

/** `trafficRouting.smi` with all defaults. */
export type SmiConfig = ReturnType<typeof readSmi>[number];

export function readSmi(raw: Static<typeof SmiSchema>, { name, rootService }: RoutingNames) {
  return [{ rootService, trafficSplitName: name, apiVersion: VERSIONS[0], ...raw }];
}
