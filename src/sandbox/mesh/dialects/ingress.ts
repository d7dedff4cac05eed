import type { KubeObject } from '../../../metacontroller/object.js';
import { asText, type Fields, fields, objects } from '../../../schema/json.js';
import type { MeshRequest } from '../request.js';
import { type MeshView, serviceOf } from '../view.js';
import { bestRank } from './hostPattern.js';
import { coversPath } from './pathPrefix.js';

export const INGRESS = 'Ingress.networking.k8s.io/v1';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** One path of one rule of one Ingress. */
export interface IngressPath {
  readonly ingress: KubeObject;
  readonly host: string | undefined;
  readonly path: string;
  readonly pathType: string;
  readonly service: string;
  /** Number or name. */
  readonly port: string;
}

/** By its field or, from earlier days, its annotation. */
export function ingressClass({ metadata, spec }: KubeObject): string | undefined {
  return asText(fields(spec)['ingressClassName']) ?? metadata.annotations?.[CLASS_ANNOTATION];
}

/** Ingresses are for requests from outside. */
export function ingressesFor(request: MeshRequest, view: MeshView): readonly KubeObject[] {
  return serviceOf(request.host, request.namespace, view) === undefined ? view.objects(INGRESS) : [];
}

export function pathsOf(ingress: KubeObject): readonly IngressPath[] {
  return objects(fields(ingress['spec'])['rules']).flatMap(rule =>
    objects(fields(rule['http'])['paths']).map(path => ingressPath(ingress, rule, path)),
  );
}

function ingressPath(ingress: KubeObject, rule: Fields, path: Fields): IngressPath {
  const service = fields(fields(path['backend'])['service']);
  const { number, name } = fields(service['port']);
  return {
    ingress,
    host: asText(rule['host']),
    path: asText(path['path']) ?? '/',
    pathType: asText(path['pathType']) ?? 'ImplementationSpecific',
    service: asText(service['name']) ?? '',
    port: String(number ?? name ?? ''),
  };
}

/** The path that takes a request: best host, then the longest path, an exact one before a prefix. */
export function bestPath(paths: readonly IngressPath[], request: MeshRequest): IngressPath | undefined {
  const fitting = paths.flatMap(path => {
    const rank = bestRank(path.host === undefined ? [] : [path.host], request.host);
    return rank === undefined || !takes(path, request.path) ? [] : [{ rank, path }];
  });
  const [first] = fitting.toSorted(
    (a, b) =>
      b.rank - a.rank ||
      b.path.path.length - a.path.path.length ||
      Number(b.path.pathType === 'Exact') - Number(a.path.pathType === 'Exact'),
  );
  return first?.path;
}

function takes({ path, pathType }: IngressPath, requested: string): boolean {
  if (pathType === 'Exact') return path === requested;
  return pathType === 'Prefix' ? coversPath(path, requested) : requested.startsWith(path);
}
