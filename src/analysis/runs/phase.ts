/** How a measurement, a metric or a run ended. Argo Rollouts' names. */
export type Phase = 'Successful' | 'Inconclusive' | 'Error' | 'Failed';

/** A metric or a run that goes on is Running. */
export type RunPhase = 'Running' | Phase;

/** Best first: a run is as bad as its worst metric. */
const order: readonly Phase[] = ['Successful', 'Inconclusive', 'Error', 'Failed'];

export function worst(phases: readonly Phase[]): Phase {
  return phases.reduce((left, right) => (order.indexOf(right) > order.indexOf(left) ? right : left), 'Successful');
}

export function isPhase(value: unknown): value is Phase {
  return (order as readonly unknown[]).includes(value);
}
