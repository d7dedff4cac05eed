import { type Fields, items, objects } from '../../schema/json.js';
import { weightOf } from '../../schema/weight.js';
import type { ManagedRoute, RouterContext, TrafficTarget } from '../router.js';
import { type Destination, divide } from '../weights.js';
import type { RouteKind } from './config.js';
import { narrowedMatches } from './matches.js';

type Names = Pick<RouterContext, 'parent' | 'stableService' | 'canaryService'>;

/** What the rendering of one route needs to know. */
export interface RuleRendering {
  readonly kind: RouteKind;
  readonly context: Names;
  readonly target: TrafficTarget;
  readonly routes: readonly ManagedRoute[];
}

/** The user's rules, split where they name the stable Service, each behind the header and mirror rules that refine it. */
export function renderRules(rules: readonly Fields[], rendering: RuleRendering): readonly Fields[] {
  return rules.flatMap(rule => (namesStable(rule, rendering.context) ? renderRule(rule, rendering) : [rule]));
}

function renderRule(rule: Fields, { kind, context, target, routes }: RuleRendering): readonly Fields[] {
  const backendRefs = splitBackends(objects(rule['backendRefs']), context, target);
  const canary = backendRefs.find(each => backendSide(each, context) === 'canary') ?? {};
  const { name: _, ...unnamed } = rule;
  const managed = routes.flatMap((each): readonly Fields[] => {
    const matches = narrowedMatches(rule, each, kind);
    if (matches.length === 0) return [];
    return each.action === 'setHeaderRoute'
      ? [{ ...unnamed, matches, backendRefs: [{ ...canary, weight: 1 }] }]
      : [{ ...unnamed, matches, backendRefs, filters: [...items(rule['filters']), mirror(canary, each.percentage)] }];
  });
  return [...managed, { ...rule, backendRefs }];
}

/** 100 per cent is the default, and all that older versions of the API know. */
function mirror({ weight: _, filters: __, ...backendRef }: Fields, percent: number): Fields {
  return { type: 'RequestMirror', requestMirror: { backendRef, ...(percent < 100 && { percent }) } };
}

function splitBackends(backends: readonly Fields[], context: Names, target: TrafficTarget): readonly Fields[] {
  const destinations = backends.map(
    (item): Destination<Fields> => ({
      side: backendSide(item, context),
      weight: Math.trunc(weightOf(item['weight']) ?? 1),
      item,
    }),
  );
  const divided = divide(destinations, target, (stable): Fields => ({ ...stable, name: context.canaryService }));
  return divided.map(({ item, weight }) => ({ ...item, weight }));
}

export function namesStable(rule: Fields, context: Names): boolean {
  return objects(rule['backendRefs']).some(each => backendSide(each, context) !== 'other');
}

/** Whom a backendRef names: a Service of the parent's namespace. */
export function backendSide(backend: Fields, { parent, stableService, canaryService }: Names) {
  const { group = '', kind = 'Service', namespace = parent.namespace, name } = backend;
  if (group !== '' || kind !== 'Service' || namespace !== parent.namespace) return 'other';
  if (name === canaryService) return 'canary';
  return name === stableService ? 'stable' : 'other';
}
