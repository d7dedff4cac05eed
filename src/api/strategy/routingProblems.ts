import { Type } from 'typebox';
import type { ApplyStrategy } from '../../metacontroller/hook.js';
import type { Feature, ManagedRoute } from '../../routers/router.js';
import { type RouterSpec, routerFor } from '../../routers/routers.js';
import type { Problem } from '../../schema/problem.js';
import type { CanaryStrategy } from '../spec.js';

const CANARY = 'spec.rolloutStrategy.canary';

/** What is wrong with the traffic routing of a canary beyond its schema, and with the routes that its steps set. */
export function routingProblems(canary: CanaryStrategy, strategy: ApplyStrategy): readonly Problem[] {
  const routers = canary.trafficRouting?.routers ?? [];
  const routes = canary.steps.filter(step => step.action === 'setHeaderRoute' || step.action === 'setMirrorRoute');
  return placed(routers).flatMap(({ spec, path }) => [
    ...routerFor(spec).problems(spec.config, path, strategy),
    ...routeProblems(spec, routes, path),
  ]);
}

/** Where each of them is written: a router whose field is a list has several. */
function placed(routers: readonly RouterSpec[]): readonly { readonly spec: RouterSpec; readonly path: string }[] {
  return routers.map(spec => {
    const siblings = routers.filter(({ router }) => router === spec.router);
    const index = Type.IsArray(routerFor(spec).schema) ? `[${siblings.indexOf(spec)}]` : '';
    return { spec, path: `${CANARY}.trafficRouting.${spec.router}${index}` };
  });
}

function routeProblems(spec: RouterSpec, routes: readonly ManagedRoute[], path: string): readonly Problem[] {
  const router = routerFor(spec);
  const lacking = routes.filter(route => router.lacks.includes(featureOf(route)));
  const able = routes.filter(route => !lacking.includes(route));
  return [
    ...lacking.map(route => ({
      path: `${CANARY}.steps`,
      problem: `router ${router.name} does not support ${describe(route)} such as ${route.name}`,
      remedy: `remove the step, or replace ${path} with a router that supports them`,
    })),
    ...router.refusals(spec.config, able).map(({ route, reason }) => ({
      path: `${CANARY}.steps`,
      problem: `router ${router.name} does not support route ${route}: ${reason}`,
      remedy: 'change its match, or remove the step',
    })),
  ];
}

function featureOf({ action }: ManagedRoute): Feature {
  return action === 'setHeaderRoute' ? 'headerRoute' : 'mirrorRoute';
}

function describe({ action }: ManagedRoute): string {
  return action === 'setHeaderRoute' ? 'header routes' : 'mirror routes';
}
