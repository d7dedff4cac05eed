import type { PodGroup, PodState, RevisionPicture } from '../picture/revisionPicture.js';
import type { Colors } from '../text/colors.js';
import { cut, pad } from '../text/textWidth.js';

interface Paper {
  readonly width: number;
  readonly colors: Colors;
}

const GLYPHS: Readonly<Record<PodState, string>> = { available: '●', starting: '◐', failing: '✗', terminating: '○' };
const ORDER = ['available', 'failing', 'starting', 'terminating'] as const;

/** Each revision with its pods, each pod with its state. */
export function podLines(revisions: readonly RevisionPicture[], paper: Paper): readonly string[] {
  const { colors } = paper;
  const lines = revisions.flatMap(revision => [heading(revision, paper), ...groupLines(revision.groups, paper)]);
  const legend = ORDER.map(state => `${paintState(state, colors)(GLYPHS[state])} ${colors.dim(state)}`).join('  ');
  return [colors.dim('Pods'), ...(lines.length === 0 ? [colors.dim('none yet')] : lines), legend];
}

const RANK_WIDTH = 8;

function heading({ rank, hash, image, available, wanted }: RevisionPicture, { width, colors }: Paper): string {
  const count = `${available} of ${wanted}`;
  const paint = { stable: colors.blue, new: colors.green, old: colors.dim }[rank];
  const text = cut(`${hash}  ${image}`, width - RANK_WIDTH - count.length - 1);
  return paint(pad(rank, RANK_WIDTH)) + pad(text, width - RANK_WIDTH - count.length) + count;
}

function groupLines(groups: readonly PodGroup[], { width, colors }: Paper): readonly string[] {
  const roleWidth = Math.max(...groups.map(({ role }) => role.length));
  const indent = roleWidth === 0 ? 0 : roleWidth + 1;
  return groups
    .filter(({ pods }) => pods.length > 0)
    .map(({ role, pods }) => {
      const room = width - RANK_WIDTH - indent;
      return ' '.repeat(RANK_WIDTH) + colors.dim(pad(role, indent)) + podGlyphs(pods, room, colors);
    });
}

/** One symbol per pod or, if there are too many for the line, a number per state. */
function podGlyphs(pods: readonly PodState[], room: number, colors: Colors): string {
  const states = ORDER.map(state => ({ state, count: pods.filter(pod => pod === state).length }));
  const shown = states.filter(({ count }) => count > 0);
  return pods.length <= room
    ? shown.map(({ state, count }) => paintState(state, colors)(GLYPHS[state].repeat(count))).join('')
    : shown.map(({ state, count }) => paintState(state, colors)(`${GLYPHS[state]} × ${count}`)).join('  ');
}

function paintState(state: PodState, colors: Colors): (text: string) => string {
  switch (state) {
    case 'available':
      return colors.green;
    case 'starting':
      return colors.yellow;
    case 'failing':
      return colors.red;
    case 'terminating':
      return colors.dim;
    default:
      return state satisfies never;
  }
}
