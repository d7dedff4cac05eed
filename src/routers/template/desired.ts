import type { KubeObject } from '../../metacontroller/object.js';
import { asText, type Fields, fields } from '../../schema/json.js';
import { STORMSERVICE_LABEL } from '../../schema/names.js';
import type { RouteName } from '../child.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { pairOf } from '../weights.js';
import { fillObject, fillText, type Values } from './placeholders.js';
import type { TemplateConfig } from './schema.js';

export function templateDesired(
  config: TemplateConfig,
  target: TrafficTarget,
  context: RouterContext,
): readonly KubeObject[] {
  const { stableService, canaryService, parent } = context;
  const { stableRevision, canaryRevision } = target;
  const { stable: stableWeight, canary: canaryWeight } = pairOf(target);
  const values = { stableService, canaryService, stableRevision, canaryRevision, stableWeight, canaryWeight };
  return [renderTemplate(config, values, parent)];
}

/** What the object is called; without a name like the StormService. */
export function identityOf({ object }: TemplateConfig, parent: { readonly name: string }): RouteName {
  return {
    apiVersion: asText(object['apiVersion']) ?? '',
    kind: asText(object['kind']) ?? '',
    name: asText(fields(object['metadata'])['name']) ?? parent.name,
  };
}

/** The object as it is wanted. Labels and annotations stay texts, whatever stands in them. */
export function renderTemplate(
  config: TemplateConfig,
  values: Values,
  parent: Pick<RouterContext['parent'], 'name' | 'namespace'>,
): KubeObject {
  const { metadata: written, status: _, ...content } = config.object;
  const { name, ...type } = identityOf(config, parent);
  const metadata = fields(written);
  const annotations = texts(metadata['annotations'], values);
  return {
    ...fillObject(content, values),
    ...type,
    metadata: {
      name,
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
