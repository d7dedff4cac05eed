import type { JsonObject } from '../../schema/json.js';
import type { Splitting, Subsets } from './hosts.js';

/** `trafficRouting.istio`. */
export interface IstioConfig {
  readonly virtualService?: {
    /** Default: the StormService's name. */
    readonly name?: string;
    /** As the user would write it, with the stable Service as destination. */
    readonly spec?: JsonObject;
    /** Without spec. Default: the root Service. */
    readonly hosts?: readonly string[];
    readonly gateways?: readonly string[];
  };
  readonly destinationRule?: {
    /** Default: the StormService's name. */
    readonly name?: string;
    /** Without the two subsets, for example trafficPolicy. */
    readonly spec?: JsonObject;
    /** Subset (default): by two subsets of the root Service. Host: by the two Services. */
    readonly splitting?: Splitting;
    readonly stableSubsetName?: string;
    readonly canarySubsetName?: string;
  };
}

export function splittingOf({ destinationRule: rule }: IstioConfig): Splitting {
  return rule === undefined ? 'Host' : (rule.splitting ?? 'Subset');
}

export function subsetsOf({ destinationRule: rule }: IstioConfig): Subsets {
  return { stable: rule?.stableSubsetName ?? 'stable', canary: rule?.canarySubsetName ?? 'canary' };
}
