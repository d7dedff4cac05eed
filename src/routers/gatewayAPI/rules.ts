import { type Fields, items, objects } from '../../schema/json.js';
import type { ManagedRoute, RouterContext, TrafficTarget } from '../router.js';
import { divide, type Side, serviceSide } from '../weights.js';
import { narrowedRule } from './matches.js';
import type { RouteKind } from './schema.js';

type Names = Pick<RouterContext, 'parent' | 'stableService' | 'canaryService'>;

/** What the rendering of one route needs to know. */
interface RuleRendering {
  readonly kind: RouteKind;
  readonly context: Names;
  readonly target: TrafficTarget;
  readonly routes: readonly ManagedRoute[];
}

/** The user's rules, split where they name the stable Service, each behind the header and mirror rules that refine it. */
export function renderRules(rules: readonly Fields[], rendering: RuleRendering): readonly Fields[] {
  return rules.flatMap(rule => (isSplitRule(rule, rendering.context) ? renderRule(rule, rendering) : [rule]));
}

function renderRule(rule: Fields, { kind, context, target, routes }: RuleRendering): readonly Fields[] {
  const backendRefs = splitBackends(objects(rule['backendRefs']), context, target);
  const canary = backendRefs.find(each => backendSide(each, context) === 'canary') ?? {};
  const { name: _, ...unnamed } = rule;
  const managed = routes.flatMap((each): readonly Fields[] => {
    const matches = narrowedRule(rule, each, kind);
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
  return divide(backends, target, {
    sideOf: backend => backendSide(backend, context),
    implied: 1,
    asCanary: stable => ({ ...stable, name: context.canaryService }),
  });
}

export function isSplitRule(rule: Fields, context: Names): boolean {
  return objects(rule['backendRefs']).some(each => backendSide(each, context) !== 'other');
}

/** Whom a backendRef names: a Service of the parent's namespace. */
export function backendSide(backend: Fields, context: Names): Side {
  const { group = '', kind = 'Service', namespace = context.parent.namespace, name } = backend;
  const isService = group === '' && kind === 'Service' && namespace === context.parent.namespace;
  return isService ? serviceSide(name, context) : 'other';
}
