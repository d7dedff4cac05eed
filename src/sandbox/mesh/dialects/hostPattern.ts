/**
 * How well a host pattern (`shop.example.com`, `*.example.com`, `*`) fits a host: undefined when it does not, higher for
 * the more specific one: in full before any wildcard, a longer wildcard before a shorter one.
 */
export function hostRank(pattern: string, host: string): number | undefined {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  if (wanted === given) return Number.MAX_SAFE_INTEGER;
  if (wanted === '*') return 0;
  return wanted.startsWith('*.') && given.endsWith(wanted.slice(1)) ? wanted.length : undefined;
}

/** The best rank of several patterns; without any pattern every host fits, a little. */
export function bestRank(patterns: readonly string[], host: string): number | undefined {
  if (patterns.length === 0) return 0;
  const ranks = patterns.map(pattern => hostRank(pattern, host)).filter(rank => rank !== undefined);
  return ranks.length === 0 ? undefined : Math.max(...ranks);
}
