import type { Outcome } from '../outcome/outcome.js';
import type { Picture } from '../picture/picture.js';

export interface Chapter {
  readonly title: string;
  readonly story: string;
}

/** Shows a demo while it happens. */
export interface View {
  /** When it wants pictures: at every event of the cluster, or about ten times a second. */
  readonly refresh: 'event' | 'tick';
  begin(chapter: Chapter): void;
  /** Somebody has run a command. */
  ran(command: string): void;
  show(picture: Picture): void;
  /** The chapter is over. */
  end(outcome: Outcome): void;
  /** Nothing more will be shown. */
  close(): void;
}
