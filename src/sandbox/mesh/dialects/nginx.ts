import type { KubeObject } from '../../../metacontroller/object.js';
import { weightOf } from '../../../schema/weight.js';
import { answer, answered, divided, toService } from '../plan.js';
import { cookiesOf, type MeshRequest } from '../request.js';
import type { Dialect } from './dialect.js';
import { bestPath, INGRESS, type IngressPath, ingressClass, ingressesFor, pathsOf } from './ingress.js';

const PREFIX = 'nginx.ingress.kubernetes.io';

/**
 * Ingress NGINX: an Ingress with the annotation `canary` is the alternative of the ordinary one with the same host and
 * path. Header before cookie before weight. Where the canary has no endpoints the controller goes on with the ordinary
 * Service; here that share fails, since no rollout may lean on it.
 */
export const nginxDialect: Dialect = {
  name: 'Ingress NGINX',
  kinds: [INGRESS],
  plan: (request, view) => {
    const ingresses = ingressesFor(request, view).filter(ingress => ingressClass(ingress)?.startsWith('nginx'));
    const ordinary = ingresses.filter(ingress => annotation(ingress, 'canary') !== 'true').flatMap(pathsOf);
    const main = bestPath(ordinary, request);
    if (main === undefined)
      return ordinary.some(({ host }) => host === request.host) ? answered(404, 'no path') : undefined;
    const canaries = ingresses.filter(ingress => annotation(ingress, 'canary') === 'true').flatMap(pathsOf);
    const canary = canaries.find(each => isAlternative(each, main));
    const share = canary === undefined ? 0 : canaryShare(canary.ingress, request);
    const destinations = [
      { weight: 1 - share, target: targetOf(main) },
      ...(canary === undefined ? [] : [{ weight: share, target: targetOf(canary) }]),
    ];
    return divided(destinations, answer(503, 'no backend'));
  },
};

function targetOf({ ingress, service }: IngressPath) {
  return toService(ingress.metadata.namespace ?? '', service);
}

/** The controller takes the first canary of a path, and none of another class. */
function isAlternative(canary: IngressPath, main: IngressPath): boolean {
  return (
    canary.host === main.host &&
    canary.path === main.path &&
    canary.pathType === main.pathType &&
    ingressClass(canary.ingress) === ingressClass(main.ingress) &&
    `${canary.service}:${canary.port}` !== `${main.service}:${main.port}`
  );
}

function canaryShare(canary: KubeObject, request: MeshRequest): number {
  const chosen = byHeader(canary, request) ?? byCookie(canary, request);
  if (chosen !== undefined) return chosen;
  const weight = weightOf(annotation(canary, 'canary-weight')) ?? 0;
  // A total below 100 is ignored.
  const total = Math.max(100, weightOf(annotation(canary, 'canary-weight-total')) ?? 100);
  return Math.min(1, weight / total);
}

function byHeader(canary: KubeObject, { headers }: MeshRequest): number | undefined {
  const given = headers[(annotation(canary, 'canary-by-header') ?? '').toLowerCase()];
  if (given === undefined) return undefined;
  const value = annotation(canary, 'canary-by-header-value');
  const pattern = annotation(canary, 'canary-by-header-pattern');
  if (value !== undefined) return given === value ? 1 : undefined;
  if (pattern !== undefined) return new RegExp(pattern).test(given) ? 1 : undefined;
  return always(given);
}

function byCookie(canary: KubeObject, request: MeshRequest): number | undefined {
  const name = annotation(canary, 'canary-by-cookie');
  return name === undefined ? undefined : always(cookiesOf(request)[name]);
}

function always(given: string | undefined): number | undefined {
  if (given === 'always') return 1;
  return given === 'never' ? 0 : undefined;
}

function annotation({ metadata }: KubeObject, name: string): string | undefined {
  return metadata.annotations?.[`${PREFIX}/${name}`];
}
