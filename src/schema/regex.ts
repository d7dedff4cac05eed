/** A regular expression, in any dialect of RE2 or ECMAScript, that matches exactly this text. */
export function escapeRegex(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
