/** Blue-green contexts for tests of its rows, and the waits that they expect. */
import type { BlueGreenStrategy } from '../../src/api/spec.js';
import { observeSelection } from '../../src/observe/services.js';
import type { BlueGreenContext } from '../../src/rollout/blueGreen/rows.js';
import type { Context } from '../../src/rollout/context.js';
import { contextOf, type Given, type Pods, T } from './context.js';

const METRIC = {
  name: 'errors',
  count: 1,
  provider: { prometheus: { address: 'http://prometheus:9090', query: 'up' } },
};
export const CHECK = { name: 'up', interval: '10s', http: { url: 'http://my-app/' } };

export const PRE = { prePromotionAnalysis: { metrics: [METRIC] } };
export const POST = { postPromotionAnalysis: { metrics: [METRIC] } };
/** Before active moves, and after. */
export const OLD = { active: 'S', preview: 'C', 'my-app': 'S' };
export const NEW = { active: 'C', preview: 'C', 'my-app': 'C' };
/** The updated and the stable revision without one of their pods. */
export const FEW: Readonly<Record<string, Pods>> = { S: 4, C: [4, 3] };
export const WEAK: Readonly<Record<string, Pods>> = { S: [4, 3], C: 4 };
export const STOP = { reason: 'AnalysisNotReady', message: '' } as const;

export interface BlueGreenGiven extends Given {
  readonly blueGreen?: object;
  /** What is beside blueGreen. */
  readonly rolloutStrategy?: object;
  readonly replicas?: number;
}

export function blueGreenOf(given: BlueGreenGiven): {
  readonly context: Context;
  readonly strategy: BlueGreenStrategy;
} {
  const { blueGreen, rolloutStrategy, replicas = 4, ...rest } = given;
  const names = { activeService: 'active', previewService: 'preview' };
  const spec = { replicas, rolloutStrategy: { ...rolloutStrategy, blueGreen: { ...names, ...blueGreen } } };
  const context = contextOf({ services: OLD, spec, ...rest });
  const { strategy } = context.observation.spec;
  if (strategy.type !== 'BlueGreen') throw new Error('not blue-green');
  return { context, strategy };
}

export interface RowGiven extends BlueGreenGiven, Partial<Pick<BlueGreenContext, 'arrival' | 'skips'>> {
  readonly inEffect?: boolean;
}

/** The gate is passed and what is observed is in effect, unless `given` differs. */
export function rowContext({ inEffect = true, arrival, skips, ...given }: RowGiven): BlueGreenContext {
  const { context, strategy } = blueGreenOf(given);
  const { children } = context.observation;
  return {
    ...context,
    strategy,
    settled: { inEffect, seen: { state: '', since: T }, at: T + 2000 },
    active: observeSelection(children, 'active'),
    preview: observeSelection(children, 'preview'),
    arrival: arrival ?? { step: 1 },
    steps: 1,
    skips: skips ?? false,
  };
}

export function forService(service: string, revision: string) {
  return { reason: 'WaitingForService', service, revision };
}

export function forPods(who: string, available: number, wanted = 4) {
  return { reason: 'WaitingForPods', who, available, wanted };
}

export function forAnalysis(kind: 'prePromotion' | 'postPromotion', progress = 'starting') {
  return { reason: 'WaitingForAnalysis', purpose: { kind, revision: 'C' }, progress };
}
