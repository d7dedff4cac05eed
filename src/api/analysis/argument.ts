import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { choice, nameText, type Static, shape, text } from '../../schema/schema.js';
import { show } from '../../schema/show.js';

const ValueFromSchema = shape(
  {
    podTemplateHashValue: Type.Optional(
      choice(['Stable', 'Latest'], { description: 'The hash of the stable or of the latest revision.' }),
    ),
    fieldRef: Type.Optional(
      shape(
        {
          fieldPath: text({
            minLength: 1,
            description: "Field of the StormService, for example metadata.labels['region'].",
          }),
        },
        { description: 'The value of a field of the StormService.' },
      ),
    ),
    secretKeyRef: Type.Optional(
      shape(
        {
          name: nameText({ description: 'Name of a Secret in this namespace.' }),
          key: nameText({ description: 'Key in it.' }),
        },
        { description: 'The value of a key of a Secret; never shown anywhere.' },
      ),
    ),
  },
  { description: 'Where the value is read: exactly one of podTemplateHashValue, fieldRef and secretKeyRef.' },
);

/** An argument; in a template it may have no value, which then must be given where the template is used. */
export function argumentSchema(description: string) {
  return shape(
    {
      name: nameText({ description: 'Name, used as {{args.name}}.' }),
      value: Type.Optional(text({ description: 'The value itself.' })),
      valueFrom: Type.Optional(ValueFromSchema),
    },
    {
      description,
      rules: [{ rule: '!(has(self.value) && has(self.valueFrom))', message: 'write value or valueFrom, not both' }],
    },
  );
}

type RawArgument = Static<ReturnType<typeof argumentSchema>>;

export function checkArguments(args: readonly RawArgument[], place: Place): void {
  const seen = new Set<string>();
  args.forEach(({ name, value, valueFrom }, index) => {
    const here = place.at(index);
    if (seen.has(name)) here.at('name').refuse(`${show(name)} is given twice`, 'give every argument once');
    seen.add(name);
    if (value !== undefined && valueFrom !== undefined) {
      here.refuse(`argument ${show(name)} has both value and valueFrom`, 'keep one of them');
    }
    if (valueFrom !== undefined && Object.keys(valueFrom).length !== 1) {
      here
        .at('valueFrom')
        .refuse(
          `${show(valueFrom)} does not name one source`,
          'write exactly one of podTemplateHashValue, fieldRef and secretKeyRef',
        );
    }
  });
}
