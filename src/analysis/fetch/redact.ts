import type { Json } from '../../metacontroller/object.js';
import { isList, isObject } from '../providers/fields.js';

/** Shorter ones (`us`, `v1`) stand in any text and keep no secret. */
const SHORTEST = 4;

/** Replaces every secret in a text by asterisks: plain, or as URLs, JSON and Authorization headers write it. */
export type Redact<Value> = (value: Value) => Value;

export function textRedactor(secrets: Readonly<Record<string, string>>): Redact<string> {
  const plain = Object.values(secrets)
    .flatMap(secret => [secret, secret.trim()])
    .filter(secret => secret.length >= SHORTEST);
  const forms = [...new Set(plain.flatMap(formsOf))].sort(
    // A secret that contains another one goes first, or the rest of it would stay.
    (left, right) => right.length - left.length,
  );
  return text => forms.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
}

function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].flatMap(offset => base64At(secret, offset));
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64];
}

/**
 * What base64 makes of a secret that stands behind so many bytes, modulo 3, as a password does behind its user: without
 * the characters that it shares with what is around it.
 */
function base64At(secret: string, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const own = bytes.toString('base64').slice(Math.ceil((offset * 4) / 3), Math.floor((bytes.length * 4) / 3));
  return own.length < SHORTEST ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
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
