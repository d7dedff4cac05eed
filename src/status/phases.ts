/** The phase shown by `kubectl get`. Degraded: aborted, or without progress. */
export const PHASES = ['Healthy', 'Progressing', 'Paused', 'Degraded'] as const;
export type Phase = (typeof PHASES)[number];
