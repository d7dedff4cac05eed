/**
 * Metric names in dryRun and measurementRetention: Argo Rollouts accepts a regular expression that may match anywhere in
 * the name, or `*`. Here it is a small subset, so that every pattern is fast:
 * plain characters, `.`, `.*`, `.+`, `^`, `$` and `|`, and no more than three wildcards in each alternative.
 */
const MAX_WILDCARDS = 3;

const alternative = /^\^?(?:[\w /:@-]|\\[.\-$^|*+]|\.[*+]?)*\$?$/;

/** undefined for an unsupported pattern. */
export function namePattern(text: string): ((name: string) => boolean) | undefined {
  if (text === '*') return () => true;
  const alternatives = text.split('|');
  if (!alternatives.every(isSimple)) return undefined;
  const expressions = alternatives.map(part => new RegExp(part));
  return name => expressions.some(expression => expression.test(name));
}

function isSimple(text: string): boolean {
  return alternative.test(text) && (text.match(/\.[*+]/g) ?? []).length <= MAX_WILDCARDS;
}
