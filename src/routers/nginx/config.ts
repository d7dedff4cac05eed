const DEFAULT_PREFIX = 'nginx.ingress.kubernetes.io';

/** `trafficRouting.nginx`. */
export interface NginxConfig {
  /** One Ingress of the user's own, or several. */
  readonly stableIngress?: string;
  readonly stableIngresses?: readonly string[];
  /** Default: nginx.ingress.kubernetes.io. */
  readonly annotationPrefix?: string;
  /** For the canary Ingress, without prefix. */
  readonly additionalIngressAnnotations?: Readonly<Record<string, string>>;
  /** For the canary Ingress, in full. */
  readonly canaryIngressAnnotations?: Readonly<Record<string, string>>;
}

export function ingressesOf({ stableIngress: one, stableIngresses }: NginxConfig): readonly string[] {
  return stableIngresses ?? (one === undefined ? [] : [one]);
}

export function prefixOf({ annotationPrefix = DEFAULT_PREFIX }: NginxConfig): string {
  return annotationPrefix;
}
