/** The tables of docs/status.md. */

import { sentence, WAITS, type Wait, type WaitReason } from '../../src/rollout/wait.js';
import { ABORT_REASONS } from '../../src/status/abortReasons.js';
import { CONDITION_TYPES } from '../../src/status/conditions.js';
import { PHASES } from '../../src/status/phases.js';
import { StatusSchema } from '../../src/status/schema.js';
import { markdownTable } from './markdown.js';
import { conditions, phases } from './meanings.js';

interface Field {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
}

const { conditions: _conditions, rolloutStatus, ...others } = StatusSchema.properties;

/** Every field of status.rolloutStatus. */
export function rolloutStatusTable(): string {
  return fieldTable(rolloutStatus);
}

/** Every other field of status. */
export function statusTable(): string {
  return fieldTable({ properties: others });
}

function fieldTable(schema: object): string {
  return markdownTable(['Field', 'Meaning'], rows(schema as Field, ''));
}

function rows({ properties = {} }: Field, path: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, field]) => [
    [`\`${path}${name}\``, field.description ?? ''],
    ...rows(field.items ?? field, `${path}${name}${field.items ? '[]' : ''}.`),
  ]);
}

export function phaseTable(): string {
  return markdownTable(
    ['Phase', 'Meaning'],
    PHASES.map(phase => [`\`${phase}\``, phases[phase]]),
  );
}

export function conditionTable(): string {
  return markdownTable(
    ['Condition', '`True`', '`False`'],
    CONDITION_TYPES.map(type => [`\`${type}\``, ...conditions[type]]),
  );
}

/** Every wait with its message. */
export function waitTable(): string {
  return markdownTable(
    ['Reason', 'Phase', 'Message, for example', 'Ended by', 'What ends it'],
    Object.entries(WAITS).map(([reason, { phase, example, endedBy, whatEnds }]) => [
      `\`${reason}\``,
      phase,
      sentence({ reason: reason as WaitReason, ...example } as Wait, 'kubectl annotate stormservice my-app'),
      `the ${endedBy}`,
      whatEnds,
    ]),
  );
}

/** Every reason of an abort. */
export function abortTable(): string {
  return markdownTable(
    ['Reason', 'What happened', '`abort.message`, for example'],
    Object.entries(ABORT_REASONS).map(([reason, { happened, example }]) => [`\`${reason}\``, happened, example]),
  );
}
