import { readSpec } from '../../src/api/readSpec.js';
import type { BlueGreenStrategy, CanaryStrategy, Spec } from '../../src/api/spec.js';
import { context, type Raw } from './specs.js';

/** A spec that must be right. */
export function read(raw: unknown, name: string = context.name): Spec {
  const result = readSpec(raw, { ...context, name });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

export function readCanary(raw: Raw): CanaryStrategy {
  return read(raw).strategy as CanaryStrategy;
}

export function readBlueGreen(raw: Raw): BlueGreenStrategy {
  return read(raw).strategy as BlueGreenStrategy;
}
