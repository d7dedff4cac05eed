/** Analysis runs as status shows them. */
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { rolloutOf, statusOf } from '../world.js';

export interface RunView {
  readonly kind: string;
  readonly revision: string;
  readonly step?: number;
  readonly phase: string;
  readonly message?: string;
  readonly past?: true;
  readonly approved?: true;
  readonly metrics: readonly (Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly phase: string;
    readonly measurements: readonly { readonly at: string; readonly phase: string; readonly value?: string }[];
  })[];
}

export async function runsOf(sandbox: Sandbox): Promise<readonly RunView[]> {
  const { analysisRuns = [] } = (await statusOf(sandbox)) as { analysisRuns?: readonly RunView[] };
  return analysisRuns;
}

/** Runs of the present rollout, as `kind phase`. */
export async function presentRuns(sandbox: Sandbox): Promise<readonly string[]> {
  return (await runsOf(sandbox)).filter(({ past }) => !past).map(({ kind, phase }) => `${kind} ${phase}`);
}

export function abortOf(sandbox: Sandbox): Promise<Readonly<Record<string, unknown>> | undefined> {
  return rolloutOf(sandbox).then(({ abort }) => abort as Readonly<Record<string, unknown>> | undefined);
}
