import { type Fields, fields, text } from '../../schema/json.js';
import type { RouterContext } from '../router.js';

export type Splitting = 'Host' | 'Subset';

/** Names of the two subsets of the root Service. */
export interface Subsets {
  readonly stable: string;
  readonly canary: string;
}

/** What tells stable and canary destinations apart. */
export interface Mesh {
  readonly context: RouterContext;
  readonly splitting: Splitting;
  readonly subsets: Subsets;
}

export type Side = 'stable' | 'canary';

/**
 * Whom a destination names. Under Subset splitting the user may write the root Service as well, since that is the host
 * whose subsets it becomes.
 */
export function sideOf(destination: unknown, { context, splitting, subsets }: Mesh): Side | 'other' {
  const { host, subset } = fields(destination);
  if (isHost(host, context.canaryService, context)) return 'canary';
  if (isHost(host, context.stableService, context)) return 'stable';
  if (splitting === 'Host' || !isHost(host, context.rootService, context)) return 'other';
  if (subset === subsets.canary) return 'canary';
  return subset === undefined || subset === subsets.stable ? 'stable' : 'other';
}

/** Whether the host names this Service: short, with the namespace, with `svc`, or in full. */
function isHost(host: unknown, service: string, { parent }: RouterContext): boolean {
  const [name, namespace = parent.namespace, svc = 'svc'] = (text(host) ?? '').split('.');
  return name === service && namespace === parent.namespace && svc === 'svc';
}

/** The destination with the host and subset of one side, in the form (short or in full) that the user wrote. */
export function towards(side: Side, destination: Fields, { context, splitting, subsets }: Mesh): Fields {
  const [, ...domain] = (text(destination['host']) ?? '').split('.');
  const inForm = (service: string) => [service, ...domain].join('.');
  if (splitting === 'Subset') {
    return { ...destination, host: inForm(context.rootService), subset: subsets[side] };
  }
  const { subset, ...rest } = destination;
  const host = inForm(side === 'stable' ? context.stableService : context.canaryService);
  const theirs = subset !== undefined && subset !== subsets.stable && subset !== subsets.canary;
  return { ...rest, host, ...(theirs && { subset }) };
}
