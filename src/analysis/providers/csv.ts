/** One record per line of comma separated values, quotes and quoted line breaks as in RFC 4180. Blank lines are kept as []. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  for (const line of recordsOf(text)) records.push(line === '' ? [] : fieldsOf(line));
  return records;
}

/** A line break inside quotes does not end a record: until then its number of quotes is odd. */
function* recordsOf(text: string): Generator<string> {
  let record: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    record = record === undefined ? line : `${record}\n${line}`;
    if ((record.split('"').length - 1) % 2 === 0) {
      yield record;
      record = undefined;
    }
  }
  if (record !== undefined) yield record;
}

function fieldsOf(record: string): string[] {
  const fields = record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')));
}
