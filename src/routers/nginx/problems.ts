import type { ManagedRoute, RouteRefusal } from '../router.js';
import type { NginxConfig } from './schema.js';

/** The controller supports one canary Ingress for a path, with one header. */
export function nginxRefusals(_: NginxConfig, routes: readonly ManagedRoute[]): readonly RouteRefusal[] {
  const headers = routes.filter(route => route.action === 'setHeaderRoute' && route.match.length > 0);
  const [first] = headers;
  return headers.flatMap(({ name, match }) => {
    if (match.length > 1) return [{ route: name, reason: 'Ingress NGINX matches one header only' }];
    if (name === first?.name) return [];
    return [{ route: name, reason: `Ingress NGINX supports only one header route, which is ${first?.name}` }];
  });
}
