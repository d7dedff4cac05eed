/**
 * Tables of moves. Rows are numbered in the order in which they are tried; the first that applies decides the move.
 * docs/transition.md prints the same rows.
 */
export interface Row<State, Move> {
  /** The state in which it applies. */
  readonly when: string;
  /** The next change. */
  readonly change: string;
  /** The precondition of the change. */
  readonly needs: string;
  /** undefined if it does not apply. */
  readonly move: (state: State) => Move | undefined;
}

export function firstMove<State, Move>(rows: readonly Row<State, Move>[], state: State): Move {
  for (const { move } of rows) {
    const made = move(state);
    if (made !== undefined) return made;
  }
  throw new Error('no row applies');
}
