import { type Fields, fields, objects } from '../../schema/json.js';
import { childName } from '../../schema/names.js';
import { display, findIn, routeChild } from '../child.js';
import { managedAnnotation, routesInForce } from '../managedRoutes.js';
import type { ObservedTraffic, Router, RouterContext, TrafficTarget } from '../router.js';
import { type ObservedObject, together } from '../weights.js';
import { canaryAnnotations, headerRefusals, observeAnnotations } from './annotations.js';
import { ingressesOf, type NginxConfig } from './config.js';

const API_VERSION = 'networking.k8s.io/v1';
const KIND = 'Ingress';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** A canary Ingress beside each of the user's own, which is read anew on every sync: when it changes, ours follows. */
export const nginx: Router<NginxConfig> = {
  name: 'nginx',
  component: 'nginx',
  lacks: ['mirrorRoute'],
  kinds: () => [`${KIND}.${API_VERSION}`],
  problems: () => [],
  refusals: (_, routes) => headerRefusals(routes),
  rootService: () => 'stable',

  related: (config, { parent }) => [
    { apiVersion: API_VERSION, resource: 'ingresses', namespace: parent.namespace, names: ingressesOf(config) },
  ],

  desired: (config, target, context) =>
    ingressesOf(config).flatMap(name => {
      const rules = canaryRules(stableIngress(name, context), context);
      return rules.length === 0 ? [] : [canaryIngress(name, rules, config, target, context)];
    }),

  observed: (config, context): ObservedTraffic =>
    together(ingressesOf(config).flatMap(name => observe(name, config, context))),
};

function canaryName(ingress: string, { parent }: RouterContext): string {
  return childName(parent.name, ingress, 'canary');
}

function stableIngress(name: string, context: RouterContext): Fields | undefined {
  return findIn(context.related, context, { apiVersion: API_VERSION, kind: KIND, name });
}

function canaryIngress(
  name: string,
  rules: readonly Fields[],
  config: NginxConfig,
  target: TrafficTarget,
  context: RouterContext,
) {
  const theirs = stableIngress(name, context);
  const { ingressClassName, tls } = fields(theirs?.['spec']);
  const className = fields(fields(theirs?.['metadata'])['annotations'])[CLASS_ANNOTATION];
  const routes = routesInForce(target, context);
  return routeChild(context, {
    apiVersion: API_VERSION,
    kind: KIND,
    name: canaryName(name, context),
    annotations: {
      ...(typeof className === 'string' && { [CLASS_ANNOTATION]: className }),
      ...managedAnnotation(routes),
      ...canaryAnnotations(config, target, routes),
    },
    spec: { ...(ingressClassName !== undefined && { ingressClassName }), ...(tls !== undefined && { tls }), rules },
  });
}

/** Only the paths that point at the stable Service, now pointing at the canary; rules without any are left out. */
function canaryRules(ingress: Fields | undefined, context: RouterContext): readonly Fields[] {
  return objects(fields(ingress?.['spec'])['rules']).flatMap(rule => {
    const paths = objects(fields(rule['http'])['paths']).flatMap(path => {
      const service = fields(fields(path['backend'])['service']);
      if (service['name'] !== context.stableService) return [];
      return [{ ...path, backend: { service: { ...service, name: context.canaryService } } }];
    });
    return paths.length === 0 ? [] : [{ ...rule, http: { paths } }];
  });
}

function observe(
  name: string,
  config: NginxConfig,
  context: RouterContext & { readonly maxWeight: number },
): readonly ObservedObject[] {
  const theirs = stableIngress(name, context);
  const shown = display(context, KIND, name);
  const ours = canaryName(name, context);
  const object = findIn(context.children, context, { apiVersion: API_VERSION, kind: KIND, name: ours });
  const shownOurs = display(context, KIND, ours);
  const stable: readonly ObservedObject[] = theirs === undefined ? [{ name: shown, found: false }] : [];
  if (object === undefined) {
    const reason =
      theirs === undefined || canaryRules(theirs, context).length > 0 ? undefined : pointless(shown, context);
    return [...stable, { name: reason === undefined ? shownOurs : `${shownOurs} (${reason})`, found: false }];
  }
  const { weight, managedRoutes } = observeAnnotations(object, config, context.maxWeight);
  return [...stable, { name: shownOurs, found: true, weights: [weight], managedRoutes }];
}

function pointless(shown: string, { stableService }: RouterContext): string {
  return `${shown} has no path that points at the Service ${stableService}`;
}
