/** Routers' APIs have int32 weights, and so has maxTrafficWeight. */
export const MAX_WEIGHT = 2_147_483_647;

/** A weight: a number, or digits in a string; anything else, what is below 0 and what is too large is undefined. */
export function weightOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= MAX_WEIGHT ? number : undefined;
}
