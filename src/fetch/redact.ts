import type { Json } from '../schema/json.js';
import { isList, isObject } from '../schema/json.js';
import { escapeRegex } from '../schema/regex.js';

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
  const patterns = forms.map(patternOf);
  return text => patterns.reduce<string>((redacted, pattern) => redacted.replaceAll(pattern, '***'), text);
}

/** Longer ones would make too large a regular expression. */
const LONGEST_PATTERN = 4096;

/** In any case: a host's name comes back in lower case, and so do the digits of %2F. */
function patternOf(form: string): RegExp | string {
  if (form.length > LONGEST_PATTERN) return form;
  return new RegExp(escapeRegex(form), 'giu');
}

function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].flatMap(offset => base64At(secret, offset));
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, ...inUrls(secret), json, json.replaceAll('/', '\\/'), inMarkup(secret), ...base64];
}

/** As a component, with and without the marks that RFC 3986 reserves; as a form; and as a whole URL. */
function inUrls(secret: string): readonly string[] {
  const component = encodeURIComponent(secret);
  const strict = component.replaceAll(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16)}`);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [component, strict, form, encodeURI(secret)];
}

/** XML and HTML. */
function inMarkup(secret: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return secret.replaceAll(/[&<>"]/g, mark => entities[mark] ?? mark);
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
