import type { KubeObject } from '../../metacontroller/object.js';
import { type Fields, fields, objects } from '../../schema/json.js';
import { childName } from '../../schema/names.js';
import { findIn, type RouteName, routeChild } from '../child.js';
import { managedAnnotation, routesInForce } from '../managedRoutes.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { canaryAnnotations } from './annotations.js';
import type { NginxConfig } from './schema.js';

export const INGRESS_API = 'networking.k8s.io/v1';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export function ingressName(name: string): RouteName {
  return { apiVersion: INGRESS_API, kind: 'Ingress', name };
}

export function canaryName(ingress: string, { parent }: RouterContext): RouteName {
  return ingressName(childName(parent.name, ingress, 'canary'));
}

/** A canary Ingress beside each of the user's own, which is read anew on every sync: when it changes, ours follows. */
export function nginxDesired(
  config: NginxConfig,
  target: TrafficTarget,
  context: RouterContext,
): readonly KubeObject[] {
  const routes = routesInForce(target, context);
  return config.stableIngresses.flatMap(name => {
    const theirs = findIn(context.related, context, ingressName(name));
    const rules = canaryRules(theirs, context);
    if (rules.length === 0) return [];
    const { ingressClassName, tls } = fields(theirs?.['spec']);
    const className = fields(fields(theirs?.['metadata'])['annotations'])[CLASS_ANNOTATION];
    const annotations = {
      ...(typeof className === 'string' && { [CLASS_ANNOTATION]: className }),
      ...managedAnnotation(routes),
      ...canaryAnnotations(config, target, routes),
    };
    const spec = {
      ...(ingressClassName !== undefined && { ingressClassName }),
      ...(tls !== undefined && { tls }),
      rules,
    };
    return [routeChild(context, { ...canaryName(name, context), annotations, spec })];
  });
}

/** Only the paths that point at the stable Service, now pointing at the canary; rules without any are left out. */
export function canaryRules(ingress: Fields | undefined, context: RouterContext): readonly Fields[] {
  return objects(fields(ingress?.['spec'])['rules']).flatMap(rule => {
    const paths = objects(fields(rule['http'])['paths']).flatMap(path => {
      const service = fields(fields(path['backend'])['service']);
      if (service['name'] !== context.stableService) return [];
      return [{ ...path, backend: { service: { ...service, name: context.canaryService } } }];
    });
    return paths.length === 0 ? [] : [{ ...rule, http: { paths } }];
  });
}
