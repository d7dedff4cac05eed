import type { KubeObject } from '../../metacontroller/object.js';
import { type Fields, fields, objects } from '../../schema/json.js';
import { childName } from '../../schema/names.js';
import { weightOf } from '../../schema/weight.js';
import { display, findIn, routeChild } from '../child.js';
import type { Router, RouterContext } from '../router.js';
import { canaryShare, type ObservedObject, pairOf, together } from '../weights.js';

const API_VERSION = 'traefik.io/v1alpha1';
const KIND = 'TraefikService';

/** `trafficRouting.traefik`. */
export interface TraefikConfig {
  readonly traefikService?: {
    /** What the user's IngressRoute names. Default: the StormService's name. */
    readonly name?: string;
    /** Port of the Services, by number or name. Default: the first. */
    readonly port?: number | string;
  };
}

/**
 * The canary stands in a TraefikService of its own, which the weighted one names beside the stable Service:
 *
 *     my-app: weighted [ {Service my-app-stable, port 80}, {TraefikService my-app-canary} ]
 *     my-app-canary: weighted [ {Service my-app-canary, port 80} ]
 *
 * Were both Services in one list, dynamic apply would merge the list by their equal ports into one. Like this the items
 * have only `name` in common, which differs.
 *
 * Without weight the canary is not named at all. Traefik (`allowEmptyServices: false`) does not build what names a Service
 * without endpoints, at any weight: a canary whose first pod is still to come would take the whole route with it.
 */
export const traefik: Router<TraefikConfig> = {
  name: 'traefik',
  component: 'traefik',
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: () => [`${KIND}.${API_VERSION}`],
  problems: () => [],
  refusals: () => [],
  rootService: () => 'stable',
  related: () => [],

  desired: (config, target, context): readonly KubeObject[] => {
    const port = config.traefikService?.port ?? context.ports[0]?.port ?? 80;
    const { stable, canary } = pairOf(target);
    const service = (name: string) => ({ kind: 'Service', name, port });
    return [
      weighted(context, canaryNameOf(config, context), [{ ...service(context.canaryService), weight: 1 }]),
      weighted(context, nameOf(config, context), [
        { ...service(context.stableService), weight: stable },
        ...(canary > 0 ? [{ kind: KIND, name: canaryNameOf(config, context), weight: canary }] : []),
      ]),
    ];
  },

  observed: (config, context) => {
    const names = [nameOf(config, context), canaryNameOf(config, context)] as const;
    const [outer, inner] = names.map(name =>
      findIn(context.children, context, { apiVersion: API_VERSION, kind: KIND, name }),
    );
    const [shownOuter, shownInner] = names.map(name => display(context, KIND, name));
    return together([
      observe(outer, shownOuter ?? '', [context.canaryService, names[1]], context),
      inner === undefined
        ? { name: shownInner ?? '', found: false }
        : { name: shownInner ?? '', found: true, weights: [] },
    ]);
  },
};

function observe(
  object: Fields | undefined,
  name: string,
  canaries: readonly string[],
  context: RouterContext & { readonly maxWeight: number },
): ObservedObject {
  if (object === undefined) return { name, found: false };
  const services = objects(fields(fields(object['spec'])['weighted'])['services']);
  const total = (wanted: readonly unknown[]) =>
    services
      .filter(each => wanted.includes(each['name']))
      .reduce((sum, each) => sum + (weightOf(each['weight']) ?? 1), 0);
  const pair = { stable: total([context.stableService]), canary: total([...new Set(canaries)]) };
  return { name, found: true, weights: [canaryShare(pair, context.maxWeight)] };
}

function weighted(context: RouterContext, name: string, services: readonly Fields[]): KubeObject {
  return routeChild(context, { apiVersion: API_VERSION, kind: KIND, name, spec: { weighted: { services } } });
}

function nameOf({ traefikService }: TraefikConfig, { parent }: RouterContext): string {
  return traefikService?.name ?? parent.name;
}

function canaryNameOf(config: TraefikConfig, context: RouterContext): string {
  return childName(nameOf(config, context), 'canary');
}
