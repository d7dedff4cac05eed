import type { KubeObject } from '../metacontroller/object.js';

export const phases = ['Healthy', 'Progressing', 'Paused', 'Degraded'] as const;
export type Phase = (typeof phases)[number];

/** What metrics and log say about a rollout: the parts of status.rolloutStatus that are safe and short. */
export interface RolloutSummary {
  readonly phase: Phase;
  readonly message?: string;
  /** Position and step in words, as `3/5 pause until approved`. */
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly canaryWeight?: number;
  readonly observedWeight?: number;
  /** Why the new revision was taken back. */
  readonly abortReason?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a status, of an answer or of the StormService itself. Undefined when there is no rollout in it yet. */
export function summarizeRollout(status: unknown): RolloutSummary | undefined {
  const rollout = fields(fields(status)['rolloutStatus']);
  const phase = phases.find(known => known === rollout['phase']);
  if (phase === undefined) return undefined;
  const { reason: abortReason } = fields(rollout['abort']);
  return {
    phase,
    ...ofType('string', rollout, ['message', 'step']),
    ...ofType('number', rollout, ['currentStepIndex', 'canaryWeight', 'observedWeight']),
    ...(typeof abortReason === 'string' && { abortReason }),
  };
}

/** Whether a status says that the spec was refused: condition InvalidSpec is True. */
export function isInvalidSpec(status: unknown): boolean {
  const { conditions } = fields(status);
  if (!Array.isArray(conditions)) return false;
  return conditions.map(fields).some(({ type, status: value }) => type === 'InvalidSpec' && value === 'True');
}

/** Whether something happened that a reader of the log wants to know. */
export function isNews(before: KubeObject, answered: unknown): boolean {
  return JSON.stringify(summarizeRollout(before['status'])) !== JSON.stringify(summarizeRollout(answered));
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function ofType(type: 'string' | 'number', from: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter(name => typeof from[name] === type).map(name => [name, from[name]]));
}
