import type { JsonObject, KubeObject } from '../metacontroller/object.js';
import { STORMSERVICE_LABEL } from '../names.js';
import { display, findIn } from './child.js';
import { type Fields, fields, text } from './lenient.js';
import { fillObject, fillText, type Values } from './placeholders.js';
import type { ObservedTraffic, Router, RouterContext, TrafficTarget } from './router.js';
import { readWeights } from './templateObserved.js';
import { templateProblems } from './templateProblems.js';
import { pairOf, together } from './weights.js';

/** One entry of `trafficRouting.template`. */
export interface TemplateConfig {
  /** Any namespaced object. metadata.name: default the StormService's name. */
  readonly object: JsonObject;
  /** JSONPath (RFC 9535) of the canary weight; placeholders may stand in it. Default: where the object has it. */
  readonly observedWeight?: string;
}

export const template: Router<TemplateConfig> = {
  name: 'template',
  component: 'template',
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: ({ object }) => [`${text(object['kind'])}.${text(object['apiVersion'])}`],
  problems: (config, path, strategy = 'dynamic-apply') => templateProblems(config, path, strategy),
  refusals: () => [],
  rootService: () => 'stable',
  related: () => [],
  desired: (config, target, context) => [renderTemplate(config, valuesOf(target, context), context.parent)],

  observed: (config, context): ObservedTraffic => {
    const object = config.object;
    const identity = {
      apiVersion: text(object['apiVersion']) ?? '',
      kind: text(object['kind']) ?? '',
      name: nameOf(config, context),
    };
    const found = findIn(context.children, context, identity);
    const name = display(context, identity.kind, identity.name);
    if (found === undefined) return together([{ name, found: false }]);
    const values = { ...servicesOf(context), stableRevision: '', canaryRevision: '', stableWeight: 0, canaryWeight: 0 };
    const read = readWeights(config, found, values);
    if (!read.ok) {
      // Nothing is known of the weight, so nothing is agreed.
      const traffic = together([{ name, found: true, weights: [], refused: `${name}: ${read.reason}` }]);
      return traffic.state === 'present' ? { ...traffic, agreed: false } : traffic;
    }
    return together([{ name, found: true, weights: read.weights.map(Math.ceil) }]);
  },
};

function servicesOf({ stableService, canaryService }: RouterContext) {
  return { stableService, canaryService };
}

function valuesOf(target: TrafficTarget, context: RouterContext): Values {
  const { stable, canary } = pairOf(target);
  const { stableRevision, canaryRevision } = target;
  return { ...servicesOf(context), stableRevision, canaryRevision, stableWeight: stable, canaryWeight: canary };
}

function nameOf({ object }: TemplateConfig, { parent }: Pick<RouterContext, 'parent'>): string {
  return text(fields(object['metadata'])['name']) ?? parent.name;
}

/** The object as it is wanted. Labels and annotations stay texts, whatever stands in them. */
export function renderTemplate(
  config: TemplateConfig,
  values: Values,
  parent: Pick<RouterContext['parent'], 'name' | 'namespace'>,
): KubeObject {
  const { apiVersion, kind, metadata: written, status: _, ...content } = config.object;
  const metadata = fields(written);
  const annotations = texts(metadata['annotations'], values);
  return {
    ...fillObject(content, values),
    apiVersion: text(apiVersion) ?? '',
    kind: text(kind) ?? '',
    metadata: {
      name: text(metadata['name']) ?? parent.name,
      namespace: parent.namespace,
      labels: { ...texts(metadata['labels'], values), [STORMSERVICE_LABEL]: parent.name },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
}

function texts(map: unknown, values: Values): Readonly<Record<string, string>> {
  const entries = Object.entries(fields(map) as Fields).map(([key, value]) => [key, fillText(String(value), values)]);
  return Object.fromEntries(entries);
}
