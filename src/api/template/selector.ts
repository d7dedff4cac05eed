import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { choice, labelMap, list, nameText, type Static, shape, text } from '../../schema/schema.js';
import { show } from '../../schema/show.js';

export const SelectorSchema = shape(
  {
    matchLabels: Type.Optional(labelMap({ maxProperties: 50, description: 'Labels that must match.' })),
    matchExpressions: Type.Optional(
      list(
        shape(
          {
            key: nameText({ description: 'Label key.' }),
            operator: choice(['In', 'NotIn', 'Exists', 'DoesNotExist'], {
              description: 'Relation of the label to the values.',
            }),
            values: Type.Optional(list(text({ description: 'A value.' }), { maxItems: 100, description: 'Values.' })),
          },
          { description: 'A label requirement.' },
        ),
        { maxItems: 50, description: 'Further label requirements.' },
      ),
    ),
  },
  {
    description:
      "Optional label selector; must match the template's labels. Pods are always selected by orchestration.aibrix.io labels.",
  },
);

type Labels = Readonly<Record<string, string>>;

/** Refuses a selector that one of these sets of labels does not match. */
export function checkSelector(raw: Static<typeof SelectorSchema>, labels: Labels, place: Place): void {
  for (const [key, value] of Object.entries(raw.matchLabels ?? {})) {
    if (labels[key] === value) continue;
    place
      .at('matchLabels', key)
      .refuse(
        labels[key] === undefined
          ? `the template has no label ${key}`
          : `the template's label is ${show(labels[key])}, not ${show(value)}`,
        `set the label ${key}: ${value} in the template, or fix the selector`,
      );
  }
  raw.matchExpressions?.forEach(({ key, operator, values = [] }, index) => {
    if (matches(labels[key], operator, values)) return;
    place
      .at('matchExpressions', index)
      .refuse(
        `the template's labels do not match ${key} ${operator} ${show(values)}`,
        'fix the labels or the selector',
      );
  });
}

/** Labels that a selector looks at, with the value that they must have; undefined where that is not one value. */
export function selectedBy(raw: Static<typeof SelectorSchema> | undefined): ReadonlyMap<string, string | undefined> {
  const expressions = raw?.matchExpressions ?? [];
  return new Map([
    ...Object.entries(raw?.matchLabels ?? {}),
    ...expressions.map(({ key }) => [key, undefined] as const),
  ]);
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
