import type { KubeObject } from '../metacontroller/object.js';
import type { JsonObject } from '../schema/json.js';

/**
 * The template in a ControllerRevision. It is stored as one string, so that no merge, pruning or defaulting can change
 * what its hash was computed from. Undefined if there is none or it cannot be read.
 */
export function recordedTemplate(record: KubeObject): JsonObject | undefined {
  const text = (record['data'] as { template?: unknown } | undefined)?.template;
  if (typeof text !== 'string') return undefined;
  try {
    const template: unknown = JSON.parse(text);
    return typeof template === 'object' && template !== null ? (template as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
