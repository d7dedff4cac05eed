/**
 * How traffic moves, by the rows of forward.ts and back.ts. One sync changes at most one object that carries traffic, and
 * only when everything it relies on is observed; both "applied" and "not applied" are rows, so a partially applied or
 * repeated response or a lost status just re-enters the matching row. S is the stable revision, C that of the current
 * template, w the observed canary weight, h header or mirror routes to the canary. "In effect": observed for
 * settleSeconds.
 */
import type { Routes } from '../../../observe/routes.js';
import type { ManagedRoute } from '../../../routers/router.js';
import type { Wait } from '../../wait.js';

/** The part of a revision that matters for traffic. */
export interface Carrier {
  readonly hash: string;
  /** Available role sets. */
  readonly available: number;
}

export interface TrafficState {
  readonly routes: Routes;
  readonly inEffect: boolean;
  readonly settledAt: number;
  readonly services: { readonly stable: string; readonly canary: string };
  readonly stable: Carrier;
  readonly updated: Carrier;
  /** spec.replicas: the role sets required to carry all traffic. */
  readonly r: number;
  /** The smallest canary weight that the pods of S allow. */
  readonly lowest: number;
}

export interface TrafficMove {
  /** Desired selections of the stable and canary destinations; 'as observed': unchanged. */
  readonly stable: string | 'as observed';
  readonly canary: string | 'as observed';
  readonly weight: number;
  /** The next weight, once the pods can carry it. */
  readonly towards: number;
  readonly managed: readonly ManagedRoute[];
  readonly wait?: Wait;
  /** Nothing is left to change. */
  readonly done?: boolean;
}

/** Whether a move changes the routing of requests. */
export function changesTraffic({ stable, canary, weight, managed }: TrafficMove, routes: Routes): boolean {
  return (
    weight !== routes.weight ||
    !sameRoutes(managed, routes) ||
    (stable !== 'as observed' && !stableSelects(routes, stable, 'all')) ||
    (canary !== 'as observed' && !canarySelects(routes, canary))
  );
}

export function stay({ routes }: TrafficState, managed: TrafficMove['managed']): TrafficMove {
  return { stable: 'as observed', canary: 'as observed', weight: routes.weight, towards: routes.weight, managed };
}

export function isCarried({ weight, managed }: Routes): boolean {
  return weight > 0 || managed.length > 0;
}

export function sameRoutes(managed: readonly ManagedRoute[], routes: Routes): boolean {
  return managed.length === routes.managed.length && managed.every(({ name }) => routes.managed.includes(name));
}

export function canarySelects({ canary }: Routes, hash: string): boolean {
  return canary.every(selection => selection === hash);
}

export function stableSelects({ stable }: Routes, hash: string, how: 'any' | 'all'): boolean {
  return how === 'all' ? stable.every(selection => selection === hash) : stable.includes(hash);
}

export function settling({ settledAt }: TrafficState, here: TrafficMove): TrafficMove {
  return { ...here, wait: { reason: 'WaitingForRouteToSettle', until: settledAt } };
}

export function forWeight({ agreed, weight, missing }: Routes, wanted: number): Wait {
  return {
    reason: 'WaitingForRoute',
    observed: agreed ? weight : undefined,
    wanted,
    ...(missing.length > 0 && { missing }),
  };
}

export function forService(side: 'stable' | 'canary', { services }: TrafficState, { hash }: Carrier): Wait {
  return { reason: 'WaitingForService', service: services[side], revision: hash };
}
