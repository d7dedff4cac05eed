import { createLogUpdate } from 'log-update';
import { isAsExpected, type Outcome } from '../outcome/outcome.js';
import type { Picture } from '../picture/picture.js';
import type { Colors } from '../text/colors.js';
import { frame, type Scene } from './frame.js';
import type { Chapter, View } from './view.js';

export interface LiveViewOptions {
  readonly stream: NodeJS.WriteStream;
  readonly colors: Colors;
  readonly speed: number;
  /** Names of the chapters, in order. */
  readonly chapters: readonly string[];
  readonly keys?: string;
}

/** Redraws one frame in a terminal. */
export class LiveView implements View {
  readonly refresh = 'tick';
  readonly #options: LiveViewOptions;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #outcomes: Outcome[] = [];
  #chapter: Chapter = { title: '', story: '' };
  #picture: Picture | undefined;
  #ran: string | undefined;
  #height = 0;

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.#draw = createLogUpdate(options.stream);
  }

  begin(chapter: Chapter): void {
    this.#chapter = chapter;
    this.#picture = undefined;
    this.#ran = undefined;
    this.#redraw();
  }

  ran(command: string): void {
    this.#ran = command;
    this.#redraw();
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#redraw();
  }

  end(outcome: Outcome): void {
    this.#outcomes.push(outcome);
  }

  close(): void {
    this.#draw.clear();
    this.#draw.done();
  }

  #redraw(): void {
    const { stream, colors, speed, chapters, keys } = this.#options;
    const scene: Scene = {
      chapters: chapters.map((name, index) => ({ name, state: this.#stateOf(index) })),
      speed,
      chapter: this.#chapter,
      ...(this.#picture && { picture: this.#picture }),
      ...(this.#ran !== undefined && { ran: this.#ran }),
      ...(keys !== undefined && { keys }),
    };
    const text = frame(scene, { width: stream.columns, colors });
    const height = text.split('\n').length;
    // log-update rewrites the difference between two frames correctly only if both have the same height.
    if (height !== this.#height) this.#draw.clear();
    this.#height = height;
    this.#draw(text);
  }

  #stateOf(index: number): Scene['chapters'][number]['state'] {
    const outcome = this.#outcomes[index];
    if (outcome !== undefined) return isAsExpected(outcome) ? 'done' : 'unexpected';
    return index === this.#outcomes.length ? 'current' : 'pending';
  }
}
