import { asText, type Fields, fields } from '../../schema/json.js';
import { escapeRegex } from '../../schema/regex.js';
import type { StringMatch } from '../../schema/stringMatch.js';
import { weightOf } from '../../schema/weight.js';
import { managedNames } from '../managedRoutes.js';
import type { ObservedRoute } from '../observedTraffic.js';
import type { ManagedRoute, TrafficTarget } from '../router.js';
import { canaryShare } from '../weights.js';
import type { NginxConfig } from './schema.js';

const DEFAULT_TOTAL = 100;
/** Annotations that send chosen requests to the canary, whatever its weight. */
const SELECTING = ['canary-by-header', 'canary-by-header-value', 'canary-by-header-pattern', 'canary-by-cookie'];

/**
 * Annotations of a canary Ingress. Those of the user that select requests by header or cookie stand only while the
 * canary has weight or a header route: before, it may have no pods.
 */
export function canaryAnnotations(
  config: NginxConfig,
  { weight, maxWeight }: TrafficTarget,
  routes: readonly ManagedRoute[],
): Readonly<Record<string, string>> {
  const prefix = config.annotationPrefix;
  const header = routes.find(({ action }) => action === 'setHeaderRoute');
  const active = weight > 0 || header !== undefined;
  const theirs = Object.entries(additional(config)).filter(([key]) => active || !selects(key, prefix));
  // A header of the user's own would be half replaced by that of the route.
  const kept = theirs.filter(([key]) => header === undefined || !key.startsWith(`${prefix}/canary-by-header`));
  return {
    ...Object.fromEntries(kept),
    [`${prefix}/canary`]: 'true',
    [`${prefix}/canary-weight`]: String(weight),
    ...(maxWeight !== DEFAULT_TOTAL && { [`${prefix}/canary-weight-total`]: String(maxWeight) }),
    ...(header?.action === 'setHeaderRoute' && header.match[0] !== undefined && byHeader(prefix, header.match[0])),
  };
}

function additional({ annotationPrefix: prefix, ...config }: NginxConfig): Readonly<Record<string, string>> {
  const short = Object.entries(config.additionalIngressAnnotations);
  const full = short.map(([key, value]) => [key.startsWith(`${prefix}/`) ? key : `${prefix}/${key}`, value] as const);
  return { ...Object.fromEntries(full), ...config.canaryIngressAnnotations };
}

function selects(key: string, prefix: string): boolean {
  return SELECTING.some(name => key === `${prefix}/${name}`);
}

function byHeader(
  prefix: string,
  { headerName, headerValue }: { readonly headerName: string; readonly headerValue: StringMatch },
): Readonly<Record<string, string>> {
  const { exact, regex, prefix: start } = headerValue;
  const header = { [`${prefix}/canary-by-header`]: headerName };
  if (exact !== undefined) return { ...header, [`${prefix}/canary-by-header-value`]: exact };
  const pattern = regex === undefined ? `^${escapeRegex(start ?? '')}` : `^(?:${regex})$`;
  return { ...header, [`${prefix}/canary-by-header-pattern`]: pattern };
}

/** What the annotations of a canary Ingress say. */
export function observeAnnotations(
  ingress: Fields,
  { annotationPrefix }: NginxConfig,
  maxWeight: number,
): ObservedRoute {
  const annotations = fields(fields(ingress['metadata'])['annotations']);
  const value = (name: string) => asText(annotations[`${annotationPrefix}/${name}`]);
  if (value('canary') !== 'true') return { weights: [isOrdinary(ingress) ? maxWeight : 0] };
  const total = weightOf(value('canary-weight-total')) ?? DEFAULT_TOTAL;
  const canary = Math.min(weightOf(value('canary-weight')) ?? 0, total);
  const weight = canaryShare({ stable: total - canary, canary }, maxWeight);
  return { weights: [weight], managedRoutes: selecting(ingress, weight, name => value(name) !== undefined) };
}

/** Without the canary annotation the Ingress is an ordinary one: all requests of its paths may go to its backend. */
function isOrdinary(ingress: Fields): boolean {
  return Object.keys(fields(ingress['spec'])).length > 0;
}

/** With weight the user's own selection belongs to it; without, it still sends requests to the canary. */
function selecting(ingress: Fields, weight: number, has: (name: string) => boolean): readonly string[] {
  const managed = managedNames(ingress, { header: has('canary-by-header'), mirror: false });
  const named = managed.filter(name => !name.startsWith('unnamed '));
  if (named.length > 0 || weight > 0) return named;
  return ['canary-by-header', 'canary-by-cookie'].filter(has);
}
