import { asText, fields, objects } from '../../../schema/json.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, answered, divided, toService } from '../plan.js';
import type { Dialect } from './dialect.js';
import { bestPath, INGRESS, ingressClass, ingressesFor, pathsOf } from './ingress.js';

const ACTIONS = 'alb.ingress.kubernetes.io/actions.';

/** AWS Load Balancer Controller: a backend with the port `use-annotation` is the forward action of that name, as JSON. */
export const albDialect: Dialect = {
  name: 'ALB',
  kinds: [INGRESS],
  plan: (request, view) => {
    const ingresses = ingressesFor(request, view).filter(ingress => ingressClass(ingress) === 'alb');
    const path = bestPath(ingresses.flatMap(pathsOf), request);
    if (path === undefined) return undefined;
    const { namespace = '', annotations = {} } = path.ingress.metadata;
    if (path.port !== 'use-annotation')
      return divided([{ weight: 1, target: toService(namespace, path.service) }], NONE);
    const action = annotations[`${ACTIONS}${path.service}`];
    if (action === undefined) return answered(503, `no action ${path.service}`);
    const { forwardConfig } = fields(JSON.parse(action));
    const groups = objects(fields(forwardConfig)['targetGroups']).map(({ serviceName, weight }) => ({
      weight: weightOf(weight) ?? 0,
      target: toService(namespace, asText(serviceName) ?? ''),
    }));
    return divided(groups, NONE);
  },
};

const NONE = answer(503, 'no target group has a weight');
