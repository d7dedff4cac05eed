import type { KubeObject } from '../../metacontroller/object.js';
import { ApiError } from '../cluster/apiError.js';
import type { KindKey } from '../cluster/kinds.js';
import { keyOf } from '../cluster/objectKey.js';
import { type Random, shuffled } from '../random.js';
import { AnswerError } from './answer.js';
import type { ChildApplier, UpdateMethod } from './childApplier.js';
import { SELECTOR_LABEL } from './claim.js';
import type { Client } from './client.js';
import { groupByKind, type ObjectGroups } from './envelope.js';

export interface ManageOptions {
  readonly client: Client;
  readonly random: Random;
  readonly applier: ChildApplier;
  readonly methodOf: (kind: KindKey) => UpdateMethod;
}

/**
 * Gives every desired child its parent's label.
 *
 * @throws AnswerError when a label is not a string, which in YAML `y`, `true` and `1` are not: nothing is applied then.
 */
export function labelled(children: readonly KubeObject[], parent: KubeObject): readonly KubeObject[] {
  const { uid = '' } = parent.metadata;
  return children.map(child => {
    const labels: Readonly<Record<string, unknown>> = child.metadata.labels ?? {};
    const broken = Object.keys(labels).find(key => typeof labels[key] !== 'string');
    if (broken !== undefined) throw new AnswerError(`invalid labels on ${child.kind} ${keyOf(child)}: ${broken}`);
    const complete = { [SELECTOR_LABEL]: uid, ...child.metadata.labels };
    if (complete[SELECTOR_LABEL] !== uid) throw new AnswerError(`${child.kind} ${keyOf(child)} has another's label`);
    return { ...child, metadata: { ...child.metadata, labels: complete } };
  });
}

/**
 * Deletes observed children that are not desired, then creates and updates the rest, kinds and names in random order.
 * A child that fails does not stop the others; the failures are returned.
 */
export function manageChildren(
  { client, random, applier, methodOf }: ManageOptions,
  parent: KubeObject,
  observed: ObjectGroups,
  desired: readonly KubeObject[],
): readonly Error[] {
  const wanted = groupByKind(desired);
  const failures: Error[] = [];
  const attempt = (act: () => void) => {
    const failure = failureOf(act);
    if (failure !== undefined) failures.push(failure);
  };
  for (const [kind, children] of shuffled([...observed], random)) {
    const names = new Set((wanted.get(kind) ?? []).map(keyOf));
    const leftOut = children.filter(child => !names.has(keyOf(child)));
    for (const child of shuffled(leftOut, random)) attempt(() => client.remove(child));
  }
  for (const [kind, children] of shuffled([...wanted], random)) {
    const present = new Map((observed.get(kind) ?? []).map(child => [keyOf(child), child]));
    // A name that is returned twice counts once, the last one.
    const unique = [...new Map(children.map(child => [keyOf(child), child])).values()];
    for (const child of shuffled(unique, random)) {
      const observedChild = present.get(keyOf(child));
      attempt(() => applier.apply({ client, parent, observed: observedChild, desired: child, method: methodOf(kind) }));
    }
  }
  return failures;
}

/** Someone else was first, or it is gone already: the next sync sees what is there now. */
const SWALLOWED: ReadonlySet<string> = new Set(['AlreadyExists', 'Conflict', 'NotFound']);

function failureOf(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return SWALLOWED.has(error.reason) ? undefined : error;
    if (error instanceof Error && error.name === 'MergeError') return error;
    throw error;
  }
}
