import { Type } from 'typebox';
import type { RoutingNames } from '../../routers/router.js';
import { ROUTER_NAMES, readRouters, routerFields, routerFor } from '../../routers/routers.js';
import type { Place } from '../../schema/place.js';
import { list, nameText, type Rule, type Static, shape, whole } from '../../schema/schema.js';
import { show } from '../../schema/show.js';
import { MAX_WEIGHT } from '../../schema/weight.js';
import type { CanaryStrategy, Strategy, TrafficRouting } from '../spec.js';

export const DEFAULT_SETTLE_SECONDS = 2;
export const DEFAULT_MAX_WEIGHT = 100;
const ROUTERS = `${ROUTER_NAMES.slice(0, -1).join(', ')} and ${ROUTER_NAMES.at(-1)}`;

export const settleSecondsField = whole({
  maximum: 3600,
  description: 'Seconds for a change of routes or selectors to reach every proxy.',
  default: 2,
});

export const TrafficRoutingSchema = shape(
  {
    ...routerFields,
    managedRoutes: Type.Optional(
      list(
        shape(
          { name: nameText({ description: 'Name of the route.' }) },
          { description: 'A route that steps may set.' },
        ),
        {
          maxItems: 20,
          key: 'name',
          description: 'Header and mirror routes that steps may set; the first match wins.',
        },
      ),
    ),
    maxTrafficWeight: Type.Optional(
      whole({
        minimum: 1,
        maximum: MAX_WEIGHT,
        description: `Weight that means all traffic: 1 to ${MAX_WEIGHT}, or to the largest weight that the router accepts (Gateway API: ${routerFor({ router: 'gatewayAPI' }).maxWeight}).`,
        default: 100,
      }),
    ),
    settleSeconds: Type.Optional(settleSecondsField),
  },
  {
    description: 'Splits requests instead of pods, by one or more routers that must all agree.',
    rules: [
      {
        rule: ROUTER_NAMES.map(name => `has(self.${name})`).join(' || '),
        message: `at least one of ${ROUTERS} is required`,
      },
      ...weightRules(),
    ],
  },
);

type Raw = Static<typeof TrafficRoutingSchema>;

/** A rule for each router whose API accepts less than all weights. */
function weightRules(): readonly Rule[] {
  return ROUTER_NAMES.flatMap(router => {
    const { maxWeight } = routerFor({ router });
    if (maxWeight >= MAX_WEIGHT) return [];
    return [
      {
        rule: `!has(self.${router}) || !has(self.maxTrafficWeight) || self.maxTrafficWeight <= ${maxWeight}`,
        message: `maxTrafficWeight must be at most ${maxWeight} with ${router}`,
      },
    ];
  });
}

export type RoutedStrategy = CanaryStrategy & { readonly trafficRouting: TrafficRouting };

export function isRouted(strategy: Strategy): strategy is RoutedStrategy {
  return strategy.type === 'Canary' && strategy.trafficRouting !== undefined;
}

export function readTrafficRouting(raw: Raw, names: RoutingNames, place: Place): TrafficRouting {
  const routers = readRouters(raw, names, place);
  if (routers.length === 0) place.refuse('no router is set', `set at least one of ${ROUTERS}`);
  const { maxTrafficWeight = DEFAULT_MAX_WEIGHT } = raw;
  checkMaxWeight(maxTrafficWeight, routers, place.at('maxTrafficWeight'));
  return {
    routers,
    managedRoutes: readManagedRoutes(raw.managedRoutes ?? [], place.at('managedRoutes')),
    maxTrafficWeight,
    settleSeconds: raw.settleSeconds ?? DEFAULT_SETTLE_SECONDS,
  };
}

function checkMaxWeight(weight: number, routers: TrafficRouting['routers'], place: Place): void {
  const limiting = ROUTER_NAMES.find(
    name => routers.some(({ router }) => router === name) && weight > routerFor({ router: name }).maxWeight,
  );
  if (limiting === undefined) return;
  const { maxWeight } = routerFor({ router: limiting });
  place.refuse(`${weight} exceeds ${maxWeight}, the largest weight of router ${limiting}`, `use at most ${maxWeight}`);
}

function readManagedRoutes(raw: readonly { readonly name: string }[], place: Place): readonly string[] {
  const seen = new Set<string>();
  raw.forEach(({ name }, index) => {
    if (seen.has(name)) place.at(index, 'name').refuse(`${show(name)} is listed twice`, 'list each route once');
    seen.add(name);
  });
  return [...seen];
}
