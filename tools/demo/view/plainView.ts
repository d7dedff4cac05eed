import { isAsExpected, type Outcome } from '../outcome/outcome.js';
import type { Picture } from '../picture/picture.js';
import { durationText } from '../text/duration.js';
import { analysisText } from './analysisLines.js';
import type { Chapter, View } from './view.js';

/** A line for every change, for logs and pipes. */
export class PlainView implements View {
  readonly refresh = 'event';
  readonly #write: (text: string) => void;
  #start: number | undefined;
  #last = '';

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  begin({ title, story }: Chapter): void {
    this.#start = undefined;
    this.#last = '';
    this.#write(`\n${title}. ${story}\n`);
  }

  ran(command: string): void {
    this.#write(`$ ${command}\n`);
  }

  show(picture: Picture): void {
    if (picture.status.phase === undefined) return;
    this.#start ??= picture.at;
    const change = changeOf(picture);
    if (change === this.#last) return;
    this.#last = change;
    this.#write(`${clockText(picture.at - this.#start)}  ${lineOf(picture)}\n`);
  }

  end(outcome: Outcome): void {
    const good = isAsExpected(outcome) ? 'as expected' : 'not as expected';
    this.#write(`${outcome.name}: ${outcome.last?.status.phase}, ${good}, after ${durationText(outcome.seconds)}\n`);
  }

  close(): void {}
}

/** The changes that are worth a line; a single pod becoming ready is not. */
function changeOf({ status, revisions, metrics }: Picture): string {
  const { phase, step, canaryWeight, message = '' } = status;
  const wanted = revisions.map(revision => `${revision.hash} ${revision.wanted}`);
  const measured = metrics.map(metric => [metric.name, metric.phase, metric.measured]);
  return JSON.stringify([phase, step, canaryWeight, message.replace(/\d+/g, ''), wanted, measured]);
}

function lineOf({ name, status, revisions, carried, traffic, metrics }: Picture): string {
  const { phase = '', step, message = '' } = status;
  const pods = revisions.map(({ rank, available, wanted }) => `${rank} ${available}/${wanted}`);
  const failed = traffic === undefined ? '' : ` (${traffic.perSecond}/s, ${traffic.failures} failed)`;
  const share = carried === undefined ? [] : [`requests to new ${carried} %${failed}`];
  const where = step === undefined ? [] : [`step ${step}`];
  return [`${name}: ${phase}`, ...where, ...share, ...pods, ...metrics.map(analysisText), message].join(' | ');
}

/** `02:05` */
function clockText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return [Math.floor(seconds / 60), seconds % 60].map(part => String(part).padStart(2, '0')).join(':');
}
