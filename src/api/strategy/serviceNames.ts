import { Type } from 'typebox';
import { isServiceName, SERVICE_NAME_CHECKS } from '../../schema/labels.js';
import type { Place } from '../../schema/place.js';
import { serverChecked } from '../../schema/schema.js';
import { show } from '../../schema/show.js';

const MAX_NAME = 63;

export function serviceNameField(description: string) {
  return serverChecked(Type.String({ minLength: 1, maxLength: MAX_NAME, description }), SERVICE_NAME_CHECKS);
}

export const SERVICE_NAME_FORM =
  'use at most 63 lowercase letters, digits and "-", starting with a letter and not ending with "-"';

export function checkServiceName(name: string, place: Place): void {
  if (!isServiceName(name)) place.refuse(`${show(name)} is not a valid Service name`, SERVICE_NAME_FORM);
}

/** Names of the Services of one strategy, by the field that sets them: legal, and none the same as another. */
export function readServiceNames<Names extends Readonly<Record<string, string>>>(
  names: Names,
  rootService: string,
  place: Place,
): Names {
  const taken = new Map([[rootService, 'the root Service']]);
  for (const [field, name] of Object.entries(names)) {
    checkServiceName(name, place.at(field));
    const holder = taken.get(name);
    if (holder !== undefined) {
      place
        .at(field)
        .refuse(
          `name ${show(name)} is already used by ${holder}`,
          'give each Service a unique name, or remove the field',
        );
    }
    taken.set(name, field);
  }
  return names;
}
