/**
 * How likely it is, at most, that so many of all requests or more went one way, when each does so with probability
 * `share`: Chernoff's bound exp(−n·KL(k/n ‖ share)), valid for every n. 1 when it is no more than expected.
 */
export function chanceOfAtLeast(count: number, total: number, share: number): number {
  if (total === 0 || count / total <= share) return 1;
  if (share <= 0) return 0;
  return Math.exp(-total * divergence(count / total, share));
}

/** The same for so few or fewer. */
export function chanceOfAtMost(count: number, total: number, share: number): number {
  return chanceOfAtLeast(total - count, total, 1 - share);
}

/** Kullback and Leibler's, of one coin from another. */
function divergence(observed: number, expected: number): number {
  return term(observed, expected) + term(1 - observed, 1 - expected);
}

function term(observed: number, expected: number): number {
  return observed === 0 ? 0 : observed * Math.log(observed / expected);
}

/** Below this it is not chance: with a thousand looks a false alarm is as rare as one in a thousand runs. */
const TOO_UNLIKELY = 1e-6;

export type ShareVerdict = 'as expected' | 'too many' | 'too few';

export function compareShare(count: number, total: number, share: number): ShareVerdict {
  if (chanceOfAtLeast(count, total, share) < TOO_UNLIKELY) return 'too many';
  return chanceOfAtMost(count, total, share) < TOO_UNLIKELY ? 'too few' : 'as expected';
}
