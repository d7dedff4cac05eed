/**
 * The annotations that control a rollout. rollout-pause is level-triggered; the others are one-shot: their value is
 * recorded in status as handled, and they can be used again only once they were observed absent or with another value.
 * So neither a lost status nor a repeated sync loses or repeats one.
 */

import { annotatedBy, type Parent } from '../../observe/parent.js';
import {
  ABORT_ANNOTATION,
  APPROVE_ANNOTATION,
  PAUSE_ANNOTATION,
  PROMOTE_ANNOTATION,
  RETRY_ANNOTATION,
} from '../../schema/names.js';
import type { HandledAnnotation } from '../../status/schema.js';
import type { ObservedStatus } from '../../status/status.js';

/** A one-shot annotation that was not handled yet. */
export interface Command {
  readonly annotation: string;
  readonly value: string;
  readonly by?: string;
  readonly at?: string;
}

export interface Commands {
  /** rollout-pause is set, and no approval has cleared it. */
  readonly pause: boolean;
  readonly approve?: Command;
  readonly abort?: Command;
  readonly retry?: Command;
  readonly promote?: Command;
}

/** The effect of an approval. */
export interface Approval {
  readonly passed: boolean;
  readonly effect: string;
}

/** The effect of each new one-shot, by annotation. */
export type Effects = Readonly<Record<string, string>>;

export function readCommands(parent: Parent, memory: ObservedStatus): Commands {
  const fresh = (annotation: string): Command | undefined => {
    const value = parent.annotations[annotation];
    if (!isSet(value) || usedUp(memory, annotation) === value) return undefined;
    return { annotation, value, ...annotatedBy(parent, annotation) };
  };
  const [approve, abort, retry, promote] = [
    fresh(APPROVE_ANNOTATION),
    fresh(ABORT_ANNOTATION),
    fresh(RETRY_ANNOTATION),
    fresh(PROMOTE_ANNOTATION),
  ];
  const pause = parent.annotations[PAUSE_ANNOTATION];
  return {
    pause: isSet(pause) && usedUp(memory, PAUSE_ANNOTATION) !== pause,
    ...(approve && { approve }),
    ...(abort && { abort }),
    ...(retry && { retry }),
    ...(promote && { promote }),
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== 'false';
}

function usedUp(memory: ObservedStatus, annotation: string): string | undefined {
  return memory.handled.find(({ name }) => name === annotation)?.value;
}

/** The gate that an approval names: any, or a step of one revision; NaN if the step is not an integer. */
export function bindingOf(approve: Command): { readonly revision: string; readonly step: number } | 'any' {
  const { value } = approve;
  const colon = value.lastIndexOf(':');
  if (colon === -1) return 'any';
  const step = value.slice(colon + 1);
  return { revision: value.slice(0, colon), step: /^(0|[1-9]\d*)$/.test(step) ? Number(step) : Number.NaN };
}

/** The next status.handledAnnotations: those handled in this sync, and earlier ones. */
export function handledAfter(
  parent: Parent,
  memory: ObservedStatus,
  commands: Commands,
  effects: Effects,
): readonly HandledAnnotation[] {
  const { approve, abort, retry, promote } = commands;
  const now = [approve, abort, retry, promote].flatMap(command =>
    command === undefined ? [] : [handled(command, effects[command.annotation] ?? 'ignored: nothing to do')],
  );
  const pauseValue = parent.annotations[PAUSE_ANNOTATION];
  if (commands.pause && effects[PAUSE_ANNOTATION] !== undefined && pauseValue !== undefined) {
    now.push({ name: PAUSE_ANNOTATION, value: pauseValue, effect: effects[PAUSE_ANNOTATION] });
  }
  const names = new Set(now.map(({ name }) => name));
  const earlier = memory.handled.filter(({ name }) => !names.has(name)).map(entry => release(entry, parent));
  return [...earlier, ...now].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function handled({ annotation, value, by, at }: Command, effect: string): HandledAnnotation {
  return { name: annotation, value, effect, ...(by !== undefined && { by }), ...(at !== undefined && { at }) };
}

/** A one-shot observed absent or with another value can be used again; the record of its last use stays. */
function release(entry: HandledAnnotation, parent: Parent): HandledAnnotation {
  if (entry.value === undefined || parent.annotations[entry.name] === entry.value) return entry;
  const { value: _, ...rest } = entry;
  return rest;
}

const STEERING = [PAUSE_ANNOTATION, APPROVE_ANNOTATION, ABORT_ANNOTATION, RETRY_ANNOTATION, PROMOTE_ANNOTATION];

/** Annotations whose value status shows as handled: the decorator removes them. */
export function usedUpAnnotations(parent: Parent, memory: ObservedStatus): readonly string[] {
  return STEERING.filter(annotation => {
    const value = parent.annotations[annotation];
    return value !== undefined && usedUp(memory, annotation) === value;
  });
}
