import { compileCondition, type Judgement } from '../../condition/condition.js';
import type { Json } from '../../schema/json.js';
import type { AnalysisPhase } from '../../status/analysisRuns.js';

export interface Evaluation {
  readonly phase: AnalysisPhase;
  /** Reason of an Error. */
  readonly message?: string;
}

/** A metric's conditions as written; they were checked when the metric was read. */
export interface Conditions {
  readonly successCondition?: string;
  readonly failureCondition?: string;
}

/** The result of a value that is confidential: why a condition cannot be evaluated could quote it. */
export function evaluateConfidential(conditions: Conditions, value: Json): Evaluation {
  const { phase, message } = evaluate(conditions, value);
  if (message === undefined) return { phase };
  return { phase, message: 'a condition cannot be evaluated; the reason is not shown because the query uses a Secret' };
}

/**
 * The result of a value. Without conditions it is Successful; with one of them the other result is the default; with both, a value that meets neither or both is Inconclusive; a condition that cannot be evaluated is an Error.
 */
export function evaluate({ successCondition, failureCondition }: Conditions, value: Json): Evaluation {
  const success = judge('successCondition', successCondition, value);
  const failure = judge('failureCondition', failureCondition, value);
  if (success?.ok === false) return { phase: 'Error', message: success.message };
  if (failure?.ok === false) return { phase: 'Error', message: failure.message };
  return { phase: phaseOf(success?.holds, failure?.holds) };
}

function phaseOf(success: boolean | undefined, failure: boolean | undefined): AnalysisPhase {
  if (success === undefined && failure === undefined) return 'Successful';
  if (failure === undefined) return success ? 'Successful' : 'Failed';
  if (success === undefined) return failure ? 'Failed' : 'Successful';
  if (success === failure) return 'Inconclusive';
  return success ? 'Successful' : 'Failed';
}

function judge(field: string, text: string | undefined, value: Json): Judgement | undefined {
  if (text === undefined) return undefined;
  const compiled = compileCondition(text, field);
  const judgement = compiled.ok ? compiled.value.judge(value) : refused(compiled);
  return judgement.ok ? judgement : { ok: false, message: `${field}: ${judgement.message}` };
}

/** A pinned condition that was accepted by another version of the hook. */
function refused({ problems }: Extract<ReturnType<typeof compileCondition>, { ok: false }>): Judgement {
  return { ok: false, message: problems[0]?.problem ?? 'the condition is not valid' };
}
