import type { Outcome } from '../outcome/outcome.js';
import type { Picture } from '../picture/picture.js';

export interface Chapter {
  readonly title: string;
  readonly story: string;
}

/** Shows the demo live. */
export interface View {
  /** When it is refreshed: at every event of the cluster, or about ten times a second. */
  readonly refresh: 'event' | 'tick';
  begin(chapter: Chapter): void;
  /** A command was run. */
  ran(command: string): void;
  show(picture: Picture): void;
  /** The chapter has ended. */
  end(outcome: Outcome): void;
  /** Nothing more will be shown. */
  close(): void;
}
