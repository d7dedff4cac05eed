/**
 * How traffic moves, by the rows of forward.ts and back.ts. One sync changes at most one thing that carries traffic, and
 * only when everything it relies on is observed; both "applied" and "not applied" are rows, so a partially applied
 * answer, a repeated one or a lost status just re-enter the row that is true. S is the stable revision, C the one of the
 * present template, w the observed canary weight, h header or mirror routes towards the canary. "In effect": observed for
 * settleSeconds.
 */
import type { Routes } from '../../../observe/routes.js';
import type { ManagedRoute } from '../../../routers/router.js';
import type { Wait } from '../../wait.js';

/** A revision as far as traffic is concerned. */
export interface Carrier {
  readonly hash: string;
  /** Role sets available. */
  readonly available: number;
}

export interface TrafficState {
  readonly routes: Routes;
  readonly inEffect: boolean;
  readonly settledAt: number;
  readonly services: { readonly stable: string; readonly canary: string };
  readonly stable: Carrier;
  readonly updated: Carrier;
  /** spec.replicas: what a revision needs to carry everything. */
  readonly r: number;
  /** The smallest canary weight that S, with the pods it has, leaves to the canary. */
  readonly lowest: number;
}

export interface TrafficMove {
  /** What stable and canary destinations are to select; 'as observed': whatever each of them selects now. */
  readonly stable: string | 'as observed';
  readonly canary: string | 'as observed';
  readonly weight: number;
  /** Where the weight is going once pods can carry it: they have to come first. */
  readonly towards: number;
  readonly managed: readonly ManagedRoute[];
  readonly wait?: Wait;
  /** Nothing is left to move. */
  readonly done?: boolean;
}

/** Whether a move, once applied, changes where requests go. */
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
