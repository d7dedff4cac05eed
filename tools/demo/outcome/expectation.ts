/** How a StormService must stand in the end. */
export type Expected = { readonly phase: 'Healthy' } | { readonly phase: 'Degraded'; readonly reason: string };

/** Failures that clients may see: none, or what pods of the last revision answer for as long as they get requests. */
export type Tolerated = 'none' | 'errors of the new version';
