/** The required final state of a StormService. */
export type Expected = { readonly phase: 'Healthy' } | { readonly phase: 'Degraded'; readonly reason: string };

/** Failures that clients may see: none, or the errors of the last revision while it gets requests. */
export type Tolerated = 'none' | 'errors of the new version';
