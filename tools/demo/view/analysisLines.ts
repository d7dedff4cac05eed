import type { AnalysisPhase, RunPhase } from '../../../src/status/analysisRuns.js';
import type { MetricPicture } from '../picture/analysisPicture.js';
import type { Colors } from '../text/colors.js';
import { cut } from '../text/textWidth.js';

interface Paper {
  readonly width: number;
  readonly colors: Colors;
}

const INDENT = '  ';

const ROLLED_BACK = 'rolled back as soon as this was read';

/** Each metric with its progress and its last measurement; empty without metrics. */
export function analysisLines(metrics: readonly MetricPicture[], { width, colors }: Paper): readonly string[] {
  if (metrics.length === 0) return [];
  const lines = metrics.flatMap(({ name, phase, last, ...counts }) => [
    paintPhase(phase, colors)(cut(`${MARKS[phase]} ${name}  ${countText(counts)}`, width)),
    ...(last ? [INDENT + paintPhase(last.phase, colors)(cut(last.text, width - INDENT.length))] : []),
    ...(last?.rolledBack ? [INDENT + colors.bold(cut(ROLLED_BACK, width - INDENT.length))] : []),
  ]);
  return [colors.dim('Analysis'), ...lines];
}

/** The same in one line without colours. */
export function analysisText({ name, phase, last, ...counts }: MetricPicture): string {
  const text = `${name} ${phase} ${countText(counts)}`;
  if (last === undefined) return text;
  return `${text}, last ${last.phase}: ${last.text}${last.rolledBack ? ` (${ROLLED_BACK})` : ''}`;
}

const MARKS = { Running: '▶', Successful: '✓', Failed: '✗', Error: '✗', Inconclusive: '?' } as const;

function countText({ measured, count }: Pick<MetricPicture, 'measured' | 'count'>): string {
  return count === undefined ? `${measured} measured` : `${measured} of ${count} measured`;
}

function paintPhase(phase: AnalysisPhase | RunPhase, colors: Colors): (text: string) => string {
  switch (phase) {
    case 'Running':
      return colors.cyan;
    case 'Successful':
      return colors.green;
    case 'Inconclusive':
      return colors.yellow;
    case 'Failed':
    case 'Error':
      return colors.red;
    default:
      return phase satisfies never;
  }
}
