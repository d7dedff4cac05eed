import type { GeneratedTable } from './tables.js';

/**
 * A page with its table made anew: between `<!-- generated: name -->` and `<!-- end: name -->`.
 * @throws when the page has no such place.
 */
export function withTable(page: string, { name, text }: GeneratedTable): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`there is no place for the table ${name}`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}
