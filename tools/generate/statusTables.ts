/** The tables of docs/status.md. */

import type { Phase } from '../../src/rollout/report/phase.js';
import { isDegraded, isPause, sentence, type Wait } from '../../src/rollout/wait.js';
import { StatusSchema } from '../../src/status/schema.js';
import { markdownTable } from './markdown.js';
import { aborts, waits } from './waits.js';

interface Field {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Field>>;
}

/** Every field of status.rolloutStatus. */
export function rolloutStatusTable(): string {
  return markdownTable(['Field', 'Meaning'], rows(StatusSchema.properties.rolloutStatus as Field, ''));
}

function rows({ properties = {} }: Field, path: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, field]) => [
    [`\`${path}${name}\``, field.description ?? ''],
    ...rows(field, `${path}${name}.`),
  ]);
}

/** Every wait with its message. */
export function waitTable(): string {
  return markdownTable(
    ['Reason', 'Phase', 'Message, for example', 'What ends it'],
    Object.values(waits).map(([wait, ends]) => [
      `\`${wait.reason}\``,
      phaseAt(wait),
      sentence(wait, 'kubectl annotate stormservice my-app'),
      ends,
    ]),
  );
}

function phaseAt(wait: Wait): Phase {
  if (isDegraded(wait)) return 'Degraded';
  return isPause(wait) ? 'Paused' : 'Progressing';
}

/** Every reason of an abort. */
export function abortTable(): string {
  return markdownTable(
    ['Reason', 'What happened'],
    Object.entries(aborts).map(([reason, what]) => [`\`${reason}\``, what]),
  );
}
