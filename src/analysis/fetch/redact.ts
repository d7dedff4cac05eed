import type { Json } from '../../metacontroller/object.js';
import { isList, isObject } from '../providers/fields.js';

/** Shorter ones (`us`, `v1`) stand in any text and keep no secret. */
const SHORTEST = 4;

/** Replaces every secret in a text, plain or URL-encoded, by asterisks. */
export type Redact<Value> = (value: Value) => Value;

export function textRedactor(secrets: Readonly<Record<string, string>>): Redact<string> {
  const plain = Object.values(secrets)
    .flatMap(secret => [secret, secret.trim()])
    .filter(secret => secret.length >= SHORTEST);
  const forms = [...new Set(plain.flatMap(secret => [secret, encodeURIComponent(secret)]))].sort(
    // A secret that contains another one goes first, or the rest of it would stay.
    (left, right) => right.length - left.length,
  );
  return text => forms.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
}

/** The same in all texts of a value, names of fields included. */
export function valueRedactor(redact: Redact<string>): Redact<Json> {
  const redactValue = (value: Json): Json => {
    if (typeof value === 'string') return redact(value);
    if (isList(value)) return value.map(redactValue);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        redact(name),
        field === undefined ? undefined : redactValue(field),
      ]),
    );
  };
  return redactValue;
}
