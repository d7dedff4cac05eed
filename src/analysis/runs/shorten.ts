import type { Json } from '../../schema/json.js';

const VALUE = 120;
const MESSAGE = 240;

/** A value for status: one line of JSON, including NaN and infinities. */
export function shortValue(value: Json): string {
  return cut(typeof value === 'number' ? String(value) : JSON.stringify(sample(value)), VALUE);
}

/** One line. */
export function shortMessage(message: string): string {
  return cut(message.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim(), MESSAGE);
}

/** Truncates by whole characters. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${Array.from(text.slice(0, length)).slice(0, -2).join('')}…`;
}

/** The visible part of a value: the rest of a large one is not serialized. */
function sample(value: Json, depth = 3): Json {
  if (typeof value === 'string') return value.slice(0, VALUE);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, VALUE / 2).map(item => sample(item, depth - 1));
  const entries = Object.entries(value).slice(0, VALUE / 4);
  return Object.fromEntries(entries.map(([key, item]) => [key.slice(0, VALUE), sample(item ?? null, depth - 1)]));
}
