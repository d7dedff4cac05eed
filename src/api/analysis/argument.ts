import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { choice, flag, nameText, type Static, shape, text } from '../../schema/schema.js';
import { show } from '../../schema/show.js';

const ValueFromSchema = shape(
  {
    podTemplateHashValue: Type.Optional(
      choice(['Stable', 'Latest'], { description: 'Hash of the stable or the latest revision.' }),
    ),
    fieldRef: Type.Optional(
      shape(
        {
          fieldPath: text({
            minLength: 1,
            description: "Field of the StormService, for example metadata.labels['region'].",
          }),
        },
        { description: 'A field of the StormService.' },
      ),
    ),
    secretKeyRef: Type.Optional(
      shape(
        {
          name: nameText({ description: 'Name of a Secret in the same namespace.' }),
          key: nameText({ description: 'Key in the Secret.' }),
        },
        { description: 'A key of a Secret; its value never appears in status, logs or messages.' },
      ),
    ),
  },
  {
    description: 'Source of the value: exactly one of podTemplateHashValue, fieldRef and secretKeyRef.',
    rules: [
      {
        rule: '[has(self.podTemplateHashValue), has(self.fieldRef), has(self.secretKeyRef)].filter(x, x).size() == 1',
        message: 'exactly one of podTemplateHashValue, fieldRef and secretKeyRef is required',
      },
    ],
  },
);

/** An argument; in a template it may have no value, which then must be given where the template is used. */
export function argumentSchema(description: string) {
  return shape(
    {
      name: nameText({ description: 'Name, referenced as {{args.name}}.' }),
      value: Type.Optional(text({ description: 'Literal value.' })),
      valueFrom: Type.Optional(ValueFromSchema),
      raw: Type.Optional(
        flag({
          description:
            'Whether the value is inserted verbatim, as a part of a query, condition or URL. Applies to the metrics beside this list only. Default false.',
        }),
      ),
    },
    {
      description,
      rules: [
        { rule: '!(has(self.value) && has(self.valueFrom))', message: 'value and valueFrom are mutually exclusive' },
      ],
    },
  );
}

type RawArgument = Static<ReturnType<typeof argumentSchema>>;

export function checkArguments(args: readonly RawArgument[], place: Place): void {
  const seen = new Set<string>();
  args.forEach(({ name, value, valueFrom }, index) => {
    const here = place.at(index);
    if (seen.has(name)) here.at('name').refuse(`argument ${show(name)} is set twice`, 'set each argument once');
    seen.add(name);
    if (value !== undefined && valueFrom !== undefined) {
      here.refuse(`argument ${show(name)} has both value and valueFrom`, 'remove one of them');
    }
    if (valueFrom !== undefined && Object.keys(valueFrom).length !== 1) {
      here
        .at('valueFrom')
        .refuse(
          `${show(valueFrom)} must have exactly one source`,
          'set exactly one of podTemplateHashValue, fieldRef and secretKeyRef',
        );
    }
  });
}
