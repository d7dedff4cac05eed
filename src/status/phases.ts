/** What `kubectl get` shows of a rollout. Degraded: aborted, or nothing moves any more. */
export const PHASES = ['Healthy', 'Progressing', 'Paused', 'Degraded'] as const;
export type Phase = (typeof PHASES)[number];
