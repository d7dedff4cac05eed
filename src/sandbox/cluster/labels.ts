export type Labels = Readonly<Record<string, string>>;

/** Whether labels match a selector by equality. An empty selector matches everything. */
export function matchesLabels(labels: Labels | undefined, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels?.[key] === value);
}
