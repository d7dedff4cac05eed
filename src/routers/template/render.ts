import type { KubeObject } from '../../metacontroller/object.js';
import { type Fields, fields } from '../../schema/json.js';
import { STORMSERVICE_LABEL } from '../../schema/names.js';
import type { RouterContext } from '../router.js';
import { identityOf, type TemplateConfig } from './config.js';
import { fillObject, fillText, type Values } from './placeholders.js';

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
