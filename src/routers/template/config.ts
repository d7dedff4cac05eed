import type { JsonObject } from '../../schema/json.js';
import { fields, text } from '../../schema/json.js';

/** One entry of `trafficRouting.template`. */
export interface TemplateConfig {
  /** Any namespaced object. metadata.name: default the StormService's name. */
  readonly object: JsonObject;
  /** JSONPath (RFC 9535) of the canary weight; placeholders may stand in it. Default: where the object has it. */
  readonly observedWeight?: string;
}

/** What the object is called, to find it and to make it. */
export function identityOf({ object }: TemplateConfig, parent: { readonly name: string }) {
  return {
    apiVersion: text(object['apiVersion']) ?? '',
    kind: text(object['kind']) ?? '',
    name: text(fields(object['metadata'])['name']) ?? parent.name,
  };
}
