import { toUSVString } from 'node:util';

/** Shorter ones (`us`, `v1`) stand in any text and keep no secret. */
const SHORTEST = 4;

/** What stands for a secret. */
export const HIDDEN = '***';

/**
 * A message of ours without the secrets that it may name, such as a host: plain, or as URLs write it. In any case, as
 * host names come back in lower case, and so do the digits of %2F. What answers say is in no message at all.
 */
export function redacted(message: string, secrets: Iterable<string>): string {
  // A longer one is not in it.
  const possible = new Set([...secrets].map(secret => secret.trim()).filter(({ length }) => length <= message.length));
  const forms = [...possible].flatMap(formsOf).filter(({ length }) => length >= SHORTEST);
  // A secret that contains another one goes first, or the rest of it would stay.
  return forms.sort((left, right) => right.length - left.length).reduce(without, message);
}

function without(message: string, form: string): string {
  const searched = lowered(form);
  let rest = message;
  for (let at = lowered(rest).indexOf(searched); at >= 0; at = lowered(rest).indexOf(searched)) {
    rest = `${rest.slice(0, at)}${HIDDEN}${rest.slice(at + form.length)}`;
  }
  return rest;
}

/** Of the same length: some letters become two. */
function lowered(text: string): string {
  return text.replaceAll(/\P{ASCII}|[A-Z]/gu, letter => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  });
}

/** As a component, with and without the marks that RFC 3986 reserves; as a form; and as a whole URL. */
function formsOf(written: string): readonly string[] {
  const secret = toUSVString(written);
  const component = encodeURIComponent(secret);
  const strict = component.replaceAll(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16)}`);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, component, strict, form, encodeURI(secret)];
}
