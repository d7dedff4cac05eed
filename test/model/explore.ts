/**
 * Visits every state that a model can get into: any subset of the changes of each sync is applied, its status is kept or
 * lost, pods get available one by one, time passes, and up to `budget` further events happen. Each step is held against
 * the promises, and every state is followed to where it comes to rest when all goes well.
 */
import { cachesCatchUp, eventsIn, podsFallBack, podsGetReady, secondPasses } from './events.js';
import { hashOf, type Model } from './model.js';
import { endProblems, violations } from './properties.js';
import { keyOf, type State, TEMPLATES } from './state.js';
import { applied, partsOf, staleAfter, sync } from './sync.js';

export interface Explored {
  readonly states: number;
  readonly rests: number;
  readonly steps: number;
  /** The first few, each with the way there. */
  readonly violations: readonly string[];
}

const MOST_VIOLATIONS = 5;

interface Node {
  readonly index: number;
  readonly state: State;
}

export function explore(model: Model, initial: State, mostStates = Number.POSITIVE_INFINITY): Explored {
  const exploration = new Exploration(model);
  exploration.reach(initial, -1, 'start', model.budget);
  for (let budget = model.budget; budget >= 0; budget--) exploration.exhaust(budget, mostStates);
  return exploration.result();
}

/** States with more of the budget left are visited first, so each is visited once, with all that can follow. */
class Exploration {
  readonly #model: Model;
  readonly #known = new Map<string, number>();
  readonly #cameFrom: { readonly from: number; readonly event: string }[] = [];
  /** Where a state goes when all goes well; itself where it rests. */
  readonly #next: number[] = [];
  readonly #waiting: Node[][];
  readonly #violations: string[] = [];
  #steps = 0;

  constructor(model: Model) {
    this.#model = model;
    this.#waiting = Array.from({ length: model.budget + 1 }, () => []);
  }

  reach(state: State, from: number, event: string, budget: number): number {
    this.#steps++;
    const key = keyOf(state, this.#model);
    const seen = this.#known.get(key);
    if (seen !== undefined) return seen;
    const index = this.#known.size;
    this.#known.set(key, index);
    this.#cameFrom.push({ from, event });
    this.#waiting[budget]?.push({ index, state });
    return index;
  }

  /** Until no state with this much left of the budget waits. */
  exhaust(budget: number, mostStates: number): void {
    const layer = this.#waiting[budget] ?? [];
    for (let node = layer.pop(); node !== undefined && this.#goesOn(mostStates); node = layer.pop()) {
      this.#visit(node, budget);
    }
  }

  #goesOn(mostStates: number): boolean {
    return this.#known.size < mostStates && this.#violations.length < MOST_VIOLATIONS;
  }

  result(): Explored {
    this.#complain(endless(this.#next), 0);
    const rests = this.#next.filter((next, index) => next === index).length;
    return { states: this.#known.size, rests, steps: this.#steps, violations: this.#violations };
  }

  #visit({ state, index }: Node, budget: number): void {
    const model = this.#model;
    const ways = [
      ...this.#sync(state, index, budget),
      ...[...cachesCatchUp(state), ...podsGetReady(state), secondPasses(model, state)].map(each =>
        this.reach(each.state, index, each.event, budget),
      ),
    ];
    for (const each of podsFallBack(model, state)) this.reach(each.state, index, each.event, budget);
    if (budget > 0) for (const each of eventsIn(model, state)) this.reach(each.state, index, each.event, budget - 1);
    const next = ways.find(reached => reached !== index) ?? index;
    this.#next[index] = next;
    if (next === index) this.#complain(endProblems(model, state), index);
  }

  /** Returns where the whole of the answer leads to, if anywhere. */
  #sync(state: State, index: number, budget: number): readonly number[] {
    const answer = sync(this.#model, state);
    const [whole] = partsOf(answer.changes).map(part => {
      const { kept, lost } = applied(this.#model, state, answer, part);
      const names = part.map(({ id }) => id).join(', ') || 'nothing';
      const reached = this.reach(kept, index, `sync: ${names}`, budget);
      this.#complain(violations(this.#model, state, kept), reached);
      if (part.length > 0) this.reach(lost, index, `sync without status: ${names}`, budget);
      if (budget > 0 && this.#model.events.includes('stale') && state.behind === undefined) {
        for (const stale of staleAfter(state, kept, part)) {
          const late = [...(stale.behind?.keys() ?? [])].join(', ');
          this.reach(stale, index, `sync: ${names}; caches lag behind: ${late}`, budget - 1);
        }
      }
      return reached;
    });
    return whole === undefined ? [] : [whole];
  }

  #complain(problems: readonly string[], index: number): void {
    if (problems.length === 0 || this.#violations.length >= MOST_VIOLATIONS) return;
    this.#violations.push(named(this.#model, `${problems.join('; ')}\n  ${way(this.#cameFrom, index)}`));
  }
}

/** With r1, r2 and r3 in the place of hashes. */
function named(model: Model, text: string): string {
  return TEMPLATES.reduce((named, template) => named.replaceAll(hashOf(model, template), `r${template}`), text);
}

/** A way that never comes to rest. */
function endless(next: readonly number[]): readonly string[] {
  const ends = new Uint8Array(next.length);
  for (let start = 0; start < next.length; start++) {
    const path: number[] = [];
    let at = start;
    while (ends[at] === 0 && next[at] !== undefined && next[at] !== at) {
      ends[at] = 2;
      path.push(at);
      at = next[at] ?? at;
    }
    if (ends[at] === 2) return [`P5: state ${at} is reached again and again`];
    ends[at] = 1;
    for (const passed of path) ends[passed] = 1;
  }
  return [];
}

function way(cameFrom: readonly { readonly from: number; readonly event: string }[], index: number): string {
  const events: string[] = [];
  for (let at = index; at >= 0; at = cameFrom[at]?.from ?? -1) events.unshift(cameFrom[at]?.event ?? '');
  return events.join('\n  ');
}
