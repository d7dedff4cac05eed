/** How much of something each owner may have, and all owners together. */
export interface ShareRules {
  readonly each: number;
  readonly all: number;
  /** What each owner gets in any case: nobody can take so much that another gets nothing. */
  readonly always: number;
}

/** A limit that is shared by owners. Never holds more than `all`, plus `always` of each owner that has no more than that. */
export class Shares {
  readonly #rules: ShareRules;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(rules: ShareRules) {
    this.#rules = rules;
  }

  /** Taken by all owners together. */
  get taken(): number {
    return this.#all;
  }

  /** Whether the owner gets it. */
  take(owner: string, amount = 1): boolean {
    const { each, all, always } = this.#rules;
    const own = (this.#taken.get(owner) ?? 0) + amount;
    if (own > each || (own > always && this.#all + amount > all)) return false;
    this.#taken.set(owner, own);
    this.#all += amount;
    return true;
  }

  /** No more than was taken. */
  give(owner: string, amount = 1): void {
    const own = (this.#taken.get(owner) ?? 0) - amount;
    if (own > 0) this.#taken.set(owner, own);
    else this.#taken.delete(owner);
    this.#all -= amount;
  }
}
