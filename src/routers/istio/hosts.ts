import { asText, type Fields, fields, objects } from '../../schema/json.js';
import type { RouterContext } from '../router.js';
import type { Side } from '../weights.js';
import { type IstioConfig, RULE_DEFAULTS } from './schema.js';

type Splitting = 'Host' | 'Subset';

/** What tells stable and canary destinations apart. */
export interface Destinations {
  readonly context: RouterContext;
  readonly splitting: Splitting;
  /** Names of the two subsets of the root Service. */
  readonly subsets: { readonly stable: string; readonly canary: string };
}

export function destinationsOf(config: IstioConfig, context: RouterContext, splitting: Splitting): Destinations {
  return { context, splitting, subsets: subsetsOf(config) };
}

export function splittingOf({ destinationRule }: IstioConfig): Splitting {
  return destinationRule?.splitting ?? 'Host';
}

/** A VirtualService of an earlier configuration may name subsets that the present one does not. */
export function subsetsOf({ destinationRule }: IstioConfig): Destinations['subsets'] {
  const { stableSubsetName: stable, canarySubsetName: canary } = destinationRule ?? RULE_DEFAULTS;
  return { stable, canary };
}

/**
 * Whom a destination of a route names. Under Subset splitting the user may write the root Service as well, since that
 * is the host whose subsets it becomes.
 */
export function sideOf(destination: unknown, { context, splitting, subsets }: Destinations): Side {
  const { host, subset } = fields(destination);
  if (isHost(host, context.canaryService, context)) return 'canary';
  if (isHost(host, context.stableService, context)) return 'stable';
  if (splitting === 'Host' || !isHost(host, context.rootService, context)) return 'other';
  if (subset === subsets.canary) return 'canary';
  return subset === undefined || subset === subsets.stable ? 'stable' : 'other';
}

/** Whether the host names this Service: short, with the namespace, with `svc`, or in full. */
function isHost(host: unknown, service: string, { parent }: RouterContext): boolean {
  const [name, namespace = parent.namespace, svc = 'svc'] = (asText(host) ?? '').split('.');
  return name === service && namespace === parent.namespace && svc === 'svc';
}

/** The sides of a route's destinations. */
export function sidesOf(route: Fields, destinations: Destinations): readonly Side[] {
  return objects(route['route']).map(({ destination }) => sideOf(destination, destinations));
}

export function isSplitRoute(route: Fields, destinations: Destinations): boolean {
  return sidesOf(route, destinations).some(side => side !== 'other');
}

/** The destination with the host and subset of one side, in the form (short or in full) that the user wrote. */
export function towards(
  side: 'stable' | 'canary',
  destination: Fields,
  { context, splitting, subsets }: Destinations,
): Fields {
  const [, ...domain] = (asText(destination['host']) ?? '').split('.');
  const inForm = (service: string) => [service, ...domain].join('.');
  if (splitting === 'Subset') {
    return { ...destination, host: inForm(context.rootService), subset: subsets[side] };
  }
  const { subset, ...rest } = destination;
  const host = inForm(side === 'stable' ? context.stableService : context.canaryService);
  const theirs = subset !== undefined && subset !== subsets.stable && subset !== subsets.canary;
  return { ...rest, host, ...(theirs && { subset }) };
}
