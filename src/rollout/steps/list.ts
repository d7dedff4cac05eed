import type { BlueGreenStrategy, Step, Strategy } from '../../api/spec.js';

/** The steps that an index in status points into. */
export function stepsOf(strategy: Strategy): readonly Step[] {
  switch (strategy.type) {
    case 'Canary':
      return strategy.steps;
    case 'BlueGreen':
      return promotionSteps(strategy);
    case 'RollingUpdate':
      return [];
    default:
      return strategy satisfies never;
  }
}

/** The stages before promotion as a list of steps: the analysis, then the pause. */
export function promotionSteps(strategy: BlueGreenStrategy): readonly Step[] {
  const { autoPromotionEnabled, autoPromotionSeconds, prePromotionAnalysis: analysis } = strategy;
  const timed = autoPromotionSeconds > 0;
  return [
    ...(analysis ? [{ action: 'analysis', analysis } as const] : []),
    ...(timed || !autoPromotionEnabled
      ? [{ action: 'pause', seconds: timed ? autoPromotionSeconds : null } as const]
      : []),
  ];
}

/** Whether the step is a manual gate: only an approval passes it. */
export function isApprovalGate(strategy: Strategy, index: number): boolean {
  const step = stepsOf(strategy)[index];
  return step?.action === 'pause' && step.seconds === null;
}

/** The weight of the last setWeight up to step i; 0 before the first, the maximum once the steps are done. */
export function weightAt(steps: readonly Step[], i: number, maxWeight = 100): number {
  if (i >= steps.length) return maxWeight;
  const last = steps.slice(0, i + 1).findLast(step => step.action === 'setWeight');
  return last?.action === 'setWeight' ? last.weight : 0;
}

export function describeStep(step: Step): string {
  switch (step.action) {
    case 'setWeight':
      return `set weight ${step.weight}`;
    case 'pause':
      return step.seconds === null ? 'pause until approved' : `pause ${step.seconds} s`;
    case 'setCanaryScale':
      return 'set canary scale';
    case 'analysis':
      return 'analysis';
    case 'setHeaderRoute':
      return `set header route ${step.name}`;
    case 'setMirrorRoute':
      return `set mirror route ${step.name}`;
    default:
      return step satisfies never;
  }
}
