import type { KubeObject } from '../../metacontroller/object.js';
import { fields, objects } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import { display, findIn, routeChild } from '../child.js';
import type { Router, RouterContext } from '../router.js';
import { canaryShare, pairOf, together } from '../weights.js';

const GROUP = 'split.smi-spec.io';
const KIND = 'TrafficSplit';
const DEFAULT_VERSION = `${GROUP}/v1alpha1`;

/** `trafficRouting.smi`. */
export interface SmiConfig {
  /** The Service that clients address. Default: the root Service. */
  readonly rootService?: string;
  /** Default: the StormService's name. */
  readonly trafficSplitName?: string;
  readonly apiVersion?: `${typeof GROUP}/v1alpha${1 | 2 | 3 | 4}`;
}

export const smi: Router<SmiConfig> = {
  name: 'smi',
  component: 'smi',
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: config => [`${KIND}.${apiVersionOf(config)}`],
  problems: () => [],
  refusals: () => [],
  rootService: () => 'stable',
  related: () => [],

  desired: (config, target, context): readonly KubeObject[] => {
    const { stable, canary } = pairOf(target);
    // Weights were quantities in v1alpha1, whole numbers since.
    const weight = (share: number) => (apiVersionOf(config) === `${GROUP}/v1alpha1` ? String(share) : share);
    const child = routeChild(context, {
      apiVersion: apiVersionOf(config),
      kind: KIND,
      name: nameOf(config, context),
      spec: {
        service: config.rootService ?? context.rootService,
        backends: [
          { service: context.stableService, weight: weight(stable) },
          { service: context.canaryService, weight: weight(canary) },
        ],
      },
    });
    return [child];
  },

  observed: (config, context) => {
    const name = nameOf(config, context);
    const object = findIn(context.children, context, { apiVersion: apiVersionOf(config), kind: KIND, name });
    const shown = display(context, KIND, name);
    if (object === undefined) return together([{ name: shown, found: false }]);
    const backends = objects(fields(object['spec'])['backends']);
    const total = (service: string) =>
      backends
        .filter(each => each['service'] === service)
        .reduce((sum, each) => sum + (quantityOf(each['weight']) ?? 0), 0);
    const pair = { stable: total(context.stableService), canary: total(context.canaryService) };
    return together([{ name: shown, found: true, weights: [canaryShare(pair, context.maxWeight)] }]);
  },
};

function apiVersionOf({ apiVersion = DEFAULT_VERSION }: SmiConfig): string {
  return apiVersion;
}

function nameOf({ trafficSplitName }: SmiConfig, { parent }: RouterContext): string {
  return trafficSplitName ?? parent.name;
}

/** `500m` is half of `1`. */
function quantityOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !value.endsWith('m')) return weightOf(value);
  const thousandths = weightOf(value.slice(0, -1));
  return thousandths === undefined ? undefined : thousandths / 1000;
}
