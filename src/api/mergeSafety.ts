import { collapse, unsafeLists } from '../metacontroller/mergeSafety.js';
import { Place } from '../schema/place.js';
import type { Spec } from './spec.js';
import type { RawSpec } from './stormService.js';

const WAY_OUT =
  'or run Metacontroller with --apply-strategy=server-side-apply and the hook with APPLY_STRATEGY=server-side-apply';

/**
 * Refuses lists of the user's that end up in children and that Metacontroller's dynamic apply would corrupt on the
 * first update: container ports on one number with two protocols, a repeated environment variable, …
 */
export function checkMergeSafety({ service }: Spec, raw: RawSpec, place: Place): void {
  refuseLists(raw.template, place.at('template'));
  if (service !== undefined) refuseLists({ ports: service.ports }, place.at('service'));
}

function refuseLists(value: unknown, place: Place): void {
  for (const list of unsafeLists(value)) {
    new Place(`${place.path}.${list.path}`, place.problems).refuse(
      collapse(list),
      `give each item a unique ${list.key}, ${WAY_OUT}`,
    );
  }
}
