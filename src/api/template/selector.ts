import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { choice, list, nameText, type Static, shape, text, textMap } from '../../schema/schema.js';
import { show } from '../../schema/show.js';

export const SelectorSchema = shape(
  {
    matchLabels: Type.Optional(textMap({ description: 'Labels that must be there.' })),
    matchExpressions: Type.Optional(
      list(
        shape(
          {
            key: nameText({ description: 'Label.' }),
            operator: choice(['In', 'NotIn', 'Exists', 'DoesNotExist'], { description: 'How values are compared.' }),
            values: Type.Optional(list(text({ description: 'One value.' }), { maxItems: 100, description: 'Values.' })),
          },
          { description: 'One condition.' },
        ),
        { maxItems: 50, description: 'Further conditions.' },
      ),
    ),
  },
  { description: "Optional; must match the template's labels. Pods are always told apart by labels of ours." },
);

type Labels = Readonly<Record<string, string>>;

/** Refuses a selector that one of these sets of labels does not match. */
export function checkSelector(raw: Static<typeof SelectorSchema>, labels: Labels, place: Place): void {
  for (const [key, value] of Object.entries(raw.matchLabels ?? {})) {
    if (labels[key] === value) continue;
    place
      .at('matchLabels', key)
      .refuse(
        `the template's label is ${labels[key] === undefined ? 'missing' : show(labels[key])}, not ${show(value)}`,
        `write the label ${key}: ${value} in the template, or correct the selector`,
      );
  }
  raw.matchExpressions?.forEach(({ key, operator, values = [] }, index) => {
    if (matches(labels[key], operator, values)) return;
    place
      .at('matchExpressions', index)
      .refuse(
        `the template's labels do not match ${key} ${operator} ${show(values)}`,
        'correct the labels or the selector',
      );
  });
}

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

function matches(value: string | undefined, operator: Operator, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return operator satisfies never;
  }
}
