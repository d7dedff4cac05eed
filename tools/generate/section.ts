/** A part of a page in docs/ that is made from the source. */
export interface Section {
  /** Path from the root of the project. */
  readonly page: string;
  /** Name of its place in the page. */
  readonly name: string;
  /** Markdown. */
  readonly text: string;
}

/**
 * A page with a section made anew: between `<!-- generated: name -->` and `<!-- end: name -->`.
 * @throws when the page has no such place.
 */
export function withSection(page: string, { name, text }: Section): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`there is no place for the section ${name}`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}
