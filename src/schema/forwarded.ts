/** The header of a sync that one replica of the hook passes to another, which then answers it itself. */
export const FORWARDED = 'stormservice-rollouts-forwarded';
