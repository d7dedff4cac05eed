/** Image names, and the names of newer versions. */

import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { Json, JsonObject } from '../../../src/schema/json.js';
import { isList, isObject } from '../../../src/schema/json.js';

/** The first image in an object. */
export function firstImage(object: KubeObject): string | undefined {
  return findImage(object as unknown as JsonObject);
}

function findImage(value: Json | undefined): string | undefined {
  if (isList(value)) return value.map(findImage).find(image => image !== undefined);
  if (!isObject(value)) return undefined;
  if (typeof value['image'] === 'string') return value['image'];
  return findImage(Object.values(value) as readonly Json[]);
}

/** The image with this tag, without a digest. */
export function withTag(image: string, tag: string): string {
  return `${split(image).name}:${tag}`;
}

/** The n-th version after this one: `app:1.4` → `app:1.5`, `app:stable` → `app:stable-1`. */
export function laterImage(image: string, n: number): string {
  const { tag } = split(image);
  const [, head, number] = /^(.*?)(\d+)$/.exec(tag) ?? [];
  return withTag(image, number === undefined ? `${tag}-${n}` : `${head}${Number(number) + n}`);
}

function split(image: string): { readonly name: string; readonly tag: string } {
  const [plain = ''] = image.split('@');
  const colon = plain.lastIndexOf(':');
  // A colon before a slash belongs to a port.
  return colon > plain.lastIndexOf('/')
    ? { name: plain.slice(0, colon), tag: plain.slice(colon + 1) }
    : { name: plain, tag: 'latest' };
}
