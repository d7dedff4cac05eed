/** What fetching tells whoever keeps its metrics. Nothing here is or contains a secret. */
export interface FetchObserver {
  /** A query has ended; `seconds` from its first request to its value or error. */
  queried(provider: string, outcome: 'value' | 'error', seconds: number): void;
  /** A query was not sent because of our own limits. */
  postponed(provider: string): void;
  /** An identical query was under way or answered: nothing was sent. */
  shared(provider: string): void;
}

export const silent: FetchObserver = {
  queried: () => undefined,
  postponed: () => undefined,
  shared: () => undefined,
};
