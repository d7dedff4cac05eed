import type { KubeObject } from '../metacontroller/object.js';
import { asText, type Fields, fields, isObject } from '../schema/json.js';
import { STORMSERVICE_LABEL } from '../schema/names.js';
import type { RouterContext } from './router.js';

type InNamespace = Pick<RouterContext, 'parent'>;

/** What tells an object of the parent's namespace from all others. */
export interface RouteName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** What a router says of an object; the rest of its metadata is the same for all. */
export interface RouteObject extends RouteName {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: Fields;
}

/** A child in the parent's namespace that carries the StormService's label. */
export function routeChild({ parent }: InNamespace, route: RouteObject): KubeObject {
  const { apiVersion, kind, name, annotations = {}, spec } = route;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: parent.namespace,
      labels: { [STORMSERVICE_LABEL]: parent.name },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec,
  };
}

/** An object of the parent's namespace among children or related objects. */
export function findIn(
  map: RouterContext['children'],
  { parent }: InNamespace,
  { apiVersion, kind, name }: RouteName,
): Fields | undefined {
  const group: unknown = map[`${kind}.${apiVersion}`];
  return Object.values(fields(group))
    .filter(isObject)
    .find(object => {
      const metadata = fields(object['metadata']);
      return (
        asText(metadata['name']) === name && (asText(metadata['namespace']) ?? parent.namespace) === parent.namespace
      );
    });
}

/** How messages name an object: `VirtualService shop/my-app`. */
export function display({ parent }: InNamespace, { kind, name }: Omit<RouteName, 'apiVersion'>): string {
  return `${kind} ${parent.namespace}/${name}`;
}
