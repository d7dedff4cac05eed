import type { Place } from './place.js';
import { show } from './show.js';

/**
 * Refuses names that stood earlier in the same list. To be called with each item's name, its index and the name's place.
 * @param list its field, as the text names it: `metrics`
 * @param item what one item is: `metric`
 */
export function uniqueNames(list: string, item: string): (name: string, index: number, place: Place) => void {
  const seen = new Map<string, number>();
  return (name, index, place) => {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, index);
    else place.refuse(`name ${show(name)} is already used by ${list}[${first}]`, `give each ${item} a unique name`);
  };
}
