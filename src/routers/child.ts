import type { KubeObject } from '../metacontroller/object.js';
import { type Fields, fields, isObject, text } from '../schema/json.js';
import { STORMSERVICE_LABEL } from '../schema/names.js';
import type { RouterContext } from './router.js';

/** What a router says of an object; the rest of its metadata is the same for all. */
export interface RouteObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: Fields;
}

/** A child in the parent's namespace that carries the StormService's label. */
export function routeChild({ parent }: Pick<RouterContext, 'parent'>, route: RouteObject): KubeObject {
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
  { parent }: Pick<RouterContext, 'parent'>,
  { apiVersion, kind, name }: Pick<RouteObject, 'apiVersion' | 'kind' | 'name'>,
): Fields | undefined {
  const group: unknown = map[`${kind}.${apiVersion}`];
  return Object.values(fields(group))
    .filter(isObject)
    .find(object => {
      const metadata = fields(object['metadata']);
      return text(metadata['name']) === name && (text(metadata['namespace']) ?? parent.namespace) === parent.namespace;
    });
}

/** How messages name an object: `VirtualService shop/my-app`. */
export function display(context: Pick<RouterContext, 'parent'>, kind: string, name: string): string {
  return `${kind} ${context.parent.namespace}/${name}`;
}
