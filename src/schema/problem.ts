/** What is wrong with a user's input: where, what, and what to write instead. */
export interface Problem {
  /** Field path as kubectl prints it: `spec.rolloutStrategy.canary.steps[2].setWeight`. */
  readonly path: string;
  /** What is wrong, in words that name the value found. */
  readonly problem: string;
  /** What to write. */
  readonly remedy: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** One sentence for a condition's message or a terminal line. */
export function describe({ path, problem, remedy }: Problem): string {
  return `${path}: ${problem}; ${remedy}`;
}

/** The text of a condition is read by people: the first problems tell them enough. */
const MAX_DESCRIBED = 20;

/** Several problems as one text. */
export function describeAll(problems: readonly Problem[]): string {
  const more = problems.length - MAX_DESCRIBED;
  const first = problems.slice(0, MAX_DESCRIBED).map(describe);
  return [...first, ...(more > 0 ? [`There are ${more} more problems`] : [])].join('. ');
}
