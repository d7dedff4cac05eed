import { type Fields, fields, objects, text } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import { managedNames } from '../managedRoutes.js';
import type { RouterContext } from '../router.js';
import { canaryShare, type ObservedObject } from '../weights.js';
import { backendSide, namesStable } from './rules.js';

/** What an observed route carries, and whether its controllers accept it. */
export function observeRoute(
  object: Fields | undefined,
  name: string,
  context: RouterContext & { readonly maxWeight: number },
): ObservedObject {
  if (object === undefined) return { name, found: false };
  const rules = objects(fields(object['spec'])['rules']);
  const header = rules.filter(rule => isHeaderRule(rule, context));
  const weighted = rules.filter(rule => namesStable(rule, context) && !header.includes(rule));
  return {
    name,
    found: true,
    weights: weighted.map(rule => shareOf(rule, context)),
    managedRoutes: managedNames(object, {
      header: header.length > 0,
      mirror: rules.some(rule => mirrorsToCanary(rule, context)),
    }),
    refused: refusal(object, name),
  };
}

function shareOf(rule: Fields, context: RouterContext & { readonly maxWeight: number }): number {
  const total = (side: 'stable' | 'canary') =>
    objects(rule['backendRefs'])
      .filter(each => backendSide(each, context) === side)
      .reduce((sum, each) => sum + (weightOf(each['weight']) ?? 1), 0);
  return canaryShare({ stable: total('stable'), canary: total('canary') }, context.maxWeight);
}

/** Canary alone, and only for requests with certain headers. Without such a match it is weight, however it came to be. */
function isHeaderRule(rule: Fields, context: RouterContext): boolean {
  const sides = objects(rule['backendRefs']).map(each => backendSide(each, context));
  const matches = objects(rule['matches']);
  return (
    sides.includes('canary') &&
    !sides.includes('stable') &&
    matches.length > 0 &&
    matches.every(match => objects(match['headers']).length > 0)
  );
}

function mirrorsToCanary(rule: Fields, context: RouterContext): boolean {
  return objects(rule['filters']).some(filter => {
    const { backendRef } = fields(filter['requestMirror']);
    return backendSide(fields(backendRef), context) === 'canary';
  });
}

/** Conditions whose False means that the route, or part of it, is not in force. */
const REFUSING = ['Accepted', 'ResolvedRefs'];

/** What a controller says against this generation. One that writes no status says nothing. */
function refusal(object: Fields, name: string): string | undefined {
  const generation = fields(object['metadata'])['generation'];
  const against = objects(fields(object['status'])['parents'])
    .flatMap(parent => objects(parent['conditions']))
    .find(
      ({ type, status, observedGeneration = generation }) =>
        REFUSING.includes(text(type) ?? '') && status === 'False' && observedGeneration === generation,
    );
  if (against === undefined) return undefined;
  const { type, reason, message } = against;
  const why = [text(reason), text(message)].filter(part => part !== undefined && part !== '').join(': ');
  return `${name}: ${text(type)} is False${why === '' ? '' : ` (${why})`}`;
}
