/** The tables of docs/transition.md: the rows as they are tried. */
import { BLUE_GREEN } from '../../src/rollout/blueGreen/rows.js';
import { BACK } from '../../src/rollout/canary/routed/back.js';
import { FORWARD } from '../../src/rollout/canary/routed/forward.js';
import type { Row } from '../../src/rollout/rows.js';
import { markdownTable } from './markdown.js';

export const forwardTable = () => rowTable(FORWARD, index => `${index + 1}`);
/** In letters: forward and back are told apart by them. */
export const backTable = () => rowTable(BACK, index => 'abcdefgh'.charAt(index));
export const blueGreenTable = () => rowTable(BLUE_GREEN, index => `${index + 1}`);

function rowTable(
  rows: readonly Pick<Row<never, unknown>, 'when' | 'change' | 'needs'>[],
  nameOf: (index: number) => string,
): string {
  return markdownTable(
    ['#', 'State', 'Next change', 'Needs'],
    rows.map(({ when, change, needs }, index) => [nameOf(index), when, change, needs]),
  );
}
