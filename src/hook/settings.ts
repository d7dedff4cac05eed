import type { SpecContext } from '../api/readSpec.js';
import type { ApplyStrategy } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';

export interface Settings {
  readonly applyStrategy: ApplyStrategy;
}

/** What reading the spec of a StormService requires. */
export function specContext({ metadata }: KubeObject, { applyStrategy }: Settings): SpecContext {
  return { name: metadata.name, namespace: metadata.namespace ?? '', applyStrategy };
}
