import { ANALYSIS_PHASES, type AnalysisPhase } from '../../status/analysisRuns.js';

/** A run is as bad as its worst metric. */
export function worst(phases: readonly AnalysisPhase[]): AnalysisPhase {
  return ANALYSIS_PHASES.findLast(phase => phases.includes(phase)) ?? 'Successful';
}
