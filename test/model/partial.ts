/**
 * One rollout, sync by sync; and each of these syncs applied in every part, with its status and without, from where the
 * rollout then goes on undisturbed.
 */
import { eventsIn, podsGetReady, secondPasses } from './events.js';
import type { Model } from './model.js';
import { endProblems, violations } from './properties.js';
import { keyOf, type State } from './state.js';
import { applied, partsOf, type Sync, sync } from './sync.js';

export interface Partial {
  /** Syncs of the undisturbed rollout that change anything. */
  readonly syncs: number;
  /** Parts of them that were applied. */
  readonly parts: number;
  readonly problems: readonly string[];
}

export function applyPartially(model: Model, start: State): Partial {
  const followed = new Set<string>();
  const problems: string[] = [];
  const check = (before: State, after: State) => problems.push(...violations(model, before, after));
  const rollout = follow(model, start, followed, check, problems).filter(({ answer }) => answer.changes.length > 0);
  let parts = 0;
  for (const { state, answer } of rollout) {
    for (const part of partsOf(answer.changes)) {
      const { kept, lost } = applied(model, state, answer, part);
      for (const after of [kept, lost]) {
        parts++;
        check(state, after);
        follow(model, after, followed, check, problems);
      }
    }
  }
  return { syncs: rollout.length, parts, problems };
}

interface Met {
  readonly state: State;
  readonly answer: Sync;
}

/** To the end, or to where an earlier one came by. */
function follow(
  model: Model,
  start: State,
  followed: Set<string>,
  check: (before: State, after: State) => void,
  problems: string[],
): readonly Met[] {
  const met: Met[] = [];
  for (let state = start; ; ) {
    const key = keyOf(state, model);
    if (followed.has(key)) return met;
    followed.add(key);
    const answer = sync(model, state);
    met.push({ state, answer });
    const { kept } = applied(model, state, answer, answer.changes);
    check(state, kept);
    const next = [kept, ...podsGetReady(state).map(each => each.state), secondPasses(model, state).state].find(
      each => keyOf(each, model) !== key,
    );
    // At rest: either at a gate, which is let pass, or at the end.
    const [approved] = next ? [] : eventsIn({ ...model, events: ['approve'] }, state);
    if (!next && !approved) {
      problems.push(...endProblems(model, state));
      return met;
    }
    state = next ?? approved?.state ?? state;
  }
}
