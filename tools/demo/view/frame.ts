/** One frame for the terminal, as a pure function of the scene. */

import { alternativeNow, commandNow } from '../command.js';
import type { TrafficPicture } from '../load/traffic.js';
import type { Picture } from '../picture/picture.js';
import { isRollout } from '../picture/rolloutStatus.js';
import type { Colors } from '../text/colors.js';
import { beside, pad, widthOf, wrap, wrapCommand } from '../text/textWidth.js';
import { analysisLines } from './analysisLines.js';
import { podLines } from './podLines.js';
import type { Chapter } from './view.js';

export interface Scene {
  readonly chapters: readonly {
    readonly name: string;
    readonly state: 'done' | 'unexpected' | 'current' | 'pending';
  }[];
  readonly speed: number;
  readonly chapter: Chapter;
  readonly picture?: Picture;
  /** The last command. */
  readonly ran?: string;
  /** The keys, in interactive mode. */
  readonly keys?: string;
}

export interface Paper {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colors: Colors;
}

const MARGIN = ' ';
const WIDEST = 110;
const NARROWEST_BESIDE = 76;

export function frame(scene: Scene, { width, colors }: Paper): string {
  const room = Math.min(width, WIDEST) - 2 * MARGIN.length;
  const { picture, ran, keys } = scene;
  const paper = { width: room, colors };
  const blocks = [
    [heading(scene, paper)],
    wrap(`${scene.chapter.title}. ${scene.chapter.story}`, room).map(colors.dim),
    ...(picture ? [statusLines(picture, paper), body(picture, paper)] : []),
    commandLines(picture, ran, paper),
    ...(keys === undefined ? [] : [wrap(keys, room).map(colors.bold)]),
  ].filter(lines => lines.length > 0);
  return `\n${blocks.map(lines => lines.map(line => `${MARGIN}${line}`.trimEnd()).join('\n')).join('\n\n')}\n`;
}

const MARKS = { done: '✓', unexpected: '✗', current: '▶', pending: '·' } as const;

function heading({ chapters, speed }: Scene, { width, colors }: Paper): string {
  const paint = { done: colors.green, unexpected: colors.red, current: colors.bold, pending: colors.dim };
  const left = chapters.map(({ name, state }) => paint[state](`${MARKS[state]} ${name}`)).join('  ');
  const right = speed === 1 ? '' : `${speed}× time`;
  return widthOf(left) + 2 + right.length > width ? left : pad(left, width - right.length) + colors.dim(right);
}

function statusLines({ name, status }: Picture, { width, colors }: Paper): readonly string[] {
  const { phase = 'New', strategy = '', message = 'the hook has not been called yet' } = status;
  const title = `${colors.bold(name)}  ${strategy}`;
  return [
    pad(title, width - phase.length - 2) + paintPhase(phase, colors)(` ${phase} `),
    ...wrap(withoutCommand(message), width),
  ];
}

function paintPhase(phase: string, colors: Colors): (text: string) => string {
  const hues: Readonly<Record<string, (text: string) => string>> = {
    Healthy: colors.green,
    Progressing: colors.cyan,
    Paused: colors.yellow,
    Degraded: colors.red,
  };
  return text => colors.inverse((hues[phase] ?? colors.dim)(text));
}

/** Without the command, which has its own lines below. */
function withoutCommand(message: string): string {
  return message.replace(/[;,][^;]*: kubectl .*$/, '');
}

function body(picture: Picture, paper: Paper): readonly string[] {
  const leftWidth = Math.max(...picture.stages.map((stage, i) => stageText(stage, i, picture).length), 20) + 4;
  const isWide = paper.width >= NARROWEST_BESIDE;
  const right = { ...paper, width: isWide ? paper.width - leftWidth : paper.width };
  const left = stageLines(picture, paper.colors);
  const blocks = [
    requestLines(picture, right),
    analysisLines(picture.metrics, right),
    podLines(picture.revisions, right),
  ].filter(lines => lines.length > 0);
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]));
  return isWide ? beside(left, lines, leftWidth) : [...left, '', ...lines];
}

function stageLines(picture: Picture, colors: Colors): readonly string[] {
  const paint = { done: colors.green, current: colors.bold, pending: colors.dim };
  return [
    colors.dim(picture.status.strategy === 'Canary' ? 'Steps' : 'Stages'),
    ...picture.stages.map((stage, index) => paint[stage.state](stageText(stage, index, picture))),
  ];
}

function stageText({ label, state }: Picture['stages'][number], index: number, { at, status }: Picture): string {
  const until = status.pause?.until;
  const left = state === 'current' && until !== undefined ? Math.max(0, Math.ceil((Date.parse(until) - at) / 1000)) : 0;
  return `${MARKS[state]} ${index + 1} ${label}${left > 0 ? ` (${left} s left)` : ''}`;
}

/** The new revision's percentage of the requests, measured if there are clients, and its weight. */
function requestLines({ carried, status, traffic }: Picture, { width, colors }: Paper): readonly string[] {
  const planned = status.stableRevision === status.updatedRevision ? 100 : carried;
  const fresh = measuredShare(traffic, status.updatedRevision) ?? planned;
  const title = colors.dim('Requests') + (traffic ? trafficText(traffic, colors) : '');
  if (fresh === undefined) return [title, 'no pods are serving yet'];
  const { canaryWeight } = status;
  const text = ` ${fresh} % new${isRollout(status) && canaryWeight !== undefined ? `, weight ${canaryWeight}` : ''}`;
  const cells = Math.max(10, Math.min(40, width - text.length));
  const filled = Math.round((cells * fresh) / 100);
  const bar = colors.green('█'.repeat(filled)) + colors.blue('░'.repeat(cells - filled));
  return [title, `${bar}${text}`];
}

function measuredShare(traffic: TrafficPicture | undefined, revision: string | undefined): number | undefined {
  const answered = Object.values(traffic?.byRevision ?? {}).reduce((sum, count) => sum + count, 0);
  if (answered === 0 || revision === undefined) return undefined;
  return Math.round((100 * (traffic?.byRevision[revision] ?? 0)) / answered);
}

function trafficText({ perSecond, requests, failures }: TrafficPicture, colors: Colors): string {
  const failed = `${failures} failed`;
  return `  ${perSecond}/s, ${requests} total, ${failures > 0 ? colors.red(failed) : colors.green(failed)}`;
}

/** The last command, and the possible next one. */
function commandLines(picture: Picture | undefined, ran: string | undefined, paper: Paper): readonly string[] {
  const { colors } = paper;
  const now = picture && commandNow(picture)?.text;
  const other = picture && alternativeNow(picture)?.text;
  return [
    ...(ran === undefined ? [] : labelled('ran', ran, paper).map(colors.dim)),
    ...(now === undefined ? [] : labelled('now', now, paper).map(colors.cyan)),
    ...(other === undefined ? [] : labelled('or ', other, paper).map(colors.cyan)),
  ];
}

function labelled(label: string, command: string, { width }: Paper): readonly string[] {
  const [first = '', ...rest] = wrapCommand(command, width - label.length - 2);
  const indent = ' '.repeat(label.length + 2);
  return [`${label}  ${first}`, ...rest.map(line => indent + line)];
}
