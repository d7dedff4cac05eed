/** What the process of the attackers is told, and what it reports. */
export interface Orders {
  readonly hook: string;
  readonly hookMetrics: string;
  readonly good: string;
  /** Of the StormServices of each attack; at least one is made. */
  readonly share: number;
  /** Who calls the hook: so many workers of their own, or those that call it for the good StormServices. */
  readonly workers: number | 'shared';
  /** Only attacks with this in their name. */
  readonly only: string;
}

export interface Report {
  readonly name: string;
  readonly stormServices: number;
  readonly syncs: number;
  /** Seconds for which their calls held one of Metacontroller's workers. */
  readonly workerSeconds: number;
  /** StormServices for which the attack takes place, as status shows. */
  readonly shown: number;
  /** HTTP statuses that nobody expects; 0: no answer. */
  readonly unexpected: readonly number[];
}
