import type { RoutedStrategy } from '../api/strategy/trafficRouting.js';
import { kindOf } from '../metacontroller/children.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { ObservedObjects } from '../observe/observation.js';
import { routerContext } from '../observe/routes.js';
import type { TrafficTarget } from '../routers/router.js';
import { desiredRoutes } from '../routers/routers.js';

/** The route objects for a target, without kinds that the controller does not watch: it could not observe them. */
export function renderRoutes(
  observation: ObservedObjects,
  strategy: RoutedStrategy,
  target: TrafficTarget,
): readonly KubeObject[] {
  return desiredRoutes(strategy.trafficRouting.routers, target, routerContext(observation, strategy)).filter(
    child => observation.children[kindOf(child)] !== undefined,
  );
}
