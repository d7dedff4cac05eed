/** One record per line of comma separated values, quotes and quoted line breaks as in RFC 4180. Blank lines are kept as []. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  for (const line of recordsOf(text)) records.push(line === '' ? [] : fieldsOf(line));
  return records;
}

/** A line break inside quotes does not end a record: until then its number of quotes is odd. */
function* recordsOf(text: string): Generator<string> {
  let lines: string[] = [];
  let quoted = false;
  for (const line of text.split(/\r?\n/)) {
    lines.push(line);
    if ((line.split('"').length - 1) % 2 === 1) quoted = !quoted;
    if (quoted) continue;
    yield lines.join('\n');
    lines = [];
  }
  if (lines.length > 0) yield lines.join('\n');
}

/** With a comma in front, every field begins with one, an empty first one too. */
function fieldsOf(record: string): string[] {
  const fields = `,${record}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')));
}
