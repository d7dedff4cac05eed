import { PROVIDER_NAMES, providerFor } from '../../src/providers/providers.js';
import { errorDefinitions } from '../../src/schema/errors.js';
import { Environment, expectedValue } from '../../src/server/config.js';
import { markdownTable } from './markdown.js';
import { fieldReference } from './reference.js';
import type { Section } from './section.js';
import { abortTable, conditionTable, phaseTable, rolloutStatusTable, statusTable, waitTable } from './statusTables.js';
import { backTable, blueGreenTable, forwardTable } from './transitionTables.js';

/** Every generated section of docs/. */
export function sections(): readonly Section[] {
  return [
    { page: 'docs/analysis.md', name: 'providers', text: providerTable() },
    { page: 'docs/api.md', name: 'fields', text: fieldReference() },
    { page: 'docs/configuration.md', name: 'configuration', text: configurationTable() },
    { page: 'docs/errors.md', name: 'errors', text: errorTable() },
    { page: 'docs/status.md', name: 'rolloutStatus', text: rolloutStatusTable() },
    { page: 'docs/status.md', name: 'phases', text: phaseTable() },
    { page: 'docs/status.md', name: 'waits', text: waitTable() },
    { page: 'docs/status.md', name: 'aborts', text: abortTable() },
    { page: 'docs/status.md', name: 'conditions', text: conditionTable() },
    { page: 'docs/status.md', name: 'status', text: statusTable() },
    { page: 'docs/transition.md', name: 'forward', text: forwardTable() },
    { page: 'docs/transition.md', name: 'back', text: backTable() },
    { page: 'docs/transition.md', name: 'blueGreen', text: blueGreenTable() },
  ];
}

function configurationTable(): string {
  const rows = Object.keys(Environment.properties).map(key => {
    const name = key as keyof Environment;
    const schema: { readonly default?: unknown; readonly description?: unknown } & object =
      Environment.properties[name];
    const fallback = schema.default === undefined ? 'unset' : `\`${schema.default}\``;
    return [`\`${name}\``, fallback, expectedValue(name) ?? '', String(schema.description)];
  });
  return markdownTable(['Variable', 'Default', 'Value', 'Meaning'], rows);
}

function providerTable(): string {
  const rows = PROVIDER_NAMES.map(name => {
    const { schema, yields, secret } = providerFor(name);
    const description = 'description' in schema ? String(schema.description) : '';
    const named = secret?.default === undefined ? '' : `\`${secret.default}\`: `;
    return [`\`${name}\``, description, yields, secret === undefined ? '' : named + secret.keys];
  });
  return markdownTable(['Provider', 'Queries', '`result`', 'Secret: keys'], rows);
}

function errorTable(): string {
  const rows = Object.entries(errorDefinitions).map(([code, { kind, status, message, remedy }]) => [
    code,
    String(status ?? ''),
    kind,
    message.replace(/\{(\w+)\}/g, '*$1*'),
    remedy,
  ]);
  return markdownTable(['Code', 'HTTP', 'Kind', 'Message', 'What to do'], rows);
}
