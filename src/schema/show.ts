const LONGEST = 60;

/** A value as it is named in a problem: JSON, cut when it is long. */
export function show(value: unknown): string {
  const json = JSON.stringify(value) ?? 'undefined';
  return json.length <= LONGEST ? json : `${json.slice(0, LONGEST)}…`;
}
