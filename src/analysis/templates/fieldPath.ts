const step = /\.?([^.[\]'"]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/y;

/**
 * The string at a path of an object, in the syntax of `fieldRef.fieldPath`: `metadata.labels['app.kubernetes.io/name']`,
 * `spec.template.spec.containers[0].image`. undefined if the path is malformed, does not exist or ends in an object.
 */
export function textAt(object: unknown, path: string): string | undefined {
  const keys = keysOf(path);
  if (keys === undefined) return undefined;
  const found = keys.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined,
    object,
  );
  return ['string', 'number', 'boolean'].includes(typeof found) ? String(found) : undefined;
}

function keysOf(path: string): readonly string[] | undefined {
  const keys: string[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) return undefined;
    keys.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return keys.length === 0 ? undefined : keys;
}
