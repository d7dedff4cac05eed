/** The field reference of docs/api.md, from the same schemas as the CRDs. */
import { type CustomResourceDefinition, customResourceDefinitions } from '../../src/api/crd.js';

type Node = Readonly<Record<string, unknown>>;

/** Every field of every kind. */
export function fieldReference(): string {
  return `\n${customResourceDefinitions().map(section).join('\n')}`;
}

function section({ spec }: CustomResourceDefinition): string {
  const { names, versions } = spec as {
    names: { kind: string };
    versions: readonly { schema: { openAPIV3Schema: Node } }[];
  };
  const rows = versions
    .flatMap(({ schema }) => rowsOf(schema.openAPIV3Schema, ''))
    .map(cells => `| ${cells.join(' | ')} |`);
  return [`### ${names.kind}`, '', '| Field | Type | Default | Meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

type Row = readonly [field: string, type: string, fallback: string, meaning: string];

function rowsOf(node: Node, path: string): readonly Row[] {
  const fields = Object.entries((node['properties'] ?? {}) as Readonly<Record<string, Node>>);
  return fields
    .filter(([name]) => path !== '' || name === 'spec' || name === 'status')
    .flatMap(([name, field]) => rowsOfField(field, path === '' ? name : `${path}.${name}`));
}

function rowsOfField(field: Node, path: string): readonly Row[] {
  const items = field['items'] as Node | undefined;
  const name = items === undefined ? path : `${path}[]`;
  const fallback = field['default'] === undefined ? '' : `\`${JSON.stringify(field['default'])}\``;
  return [
    [`\`${name}\``, typeOf(field), fallback, String(field['description'] ?? '').replaceAll('|', '\\|')],
    ...rowsOf(items ?? field, name),
  ];
}

function typeOf(field: Node): string {
  if (Array.isArray(field['enum'])) return field['enum'].map(value => `\`${value}\``).join(', ');
  if (field['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (field['type'] === undefined) return 'any';
  if (field['type'] === 'array') return `list of ${typeOf(field['items'] as Node)}`;
  return field['additionalProperties'] === undefined ? String(field['type']) : 'map';
}
