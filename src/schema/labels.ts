import type { Place } from './place.js';
import type { Problem } from './problem.js';
import { show } from './show.js';

const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;

/** The same for the API server. */
export const LABEL_VALUE_CHECKS = { maxLength: MAX_LABEL, pattern: `^$|${LABEL_NAME.source}` } as const;
export const DNS_LABEL_CHECKS = { maxLength: MAX_LABEL, pattern: DNS_LABEL.source } as const;
export const SERVICE_NAME_CHECKS = { maxLength: MAX_LABEL, pattern: DNS_1035_LABEL.source } as const;

export function isDnsLabel(name: string): boolean {
  return name.length <= MAX_LABEL && DNS_LABEL.test(name);
}

/** A name that a Service can have. */
export function isServiceName(name: string): boolean {
  return name.length <= MAX_LABEL && DNS_1035_LABEL.test(name);
}

export function isObjectName(name: string): boolean {
  return name.length <= MAX_SUBDOMAIN && DNS_SUBDOMAIN.test(name);
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  return name.length <= MAX_LABEL && LABEL_NAME.test(name) && (prefix === undefined || isObjectName(prefix));
}

const WHAT_YAML_DID: Readonly<Record<string, string>> = {
  boolean: 'YAML reads unquoted true, false, yes, no, on, off and y as booleans',
  number: 'YAML reads unquoted digits as a number',
};

/** Why a value is not the string that Kubernetes takes, and how it came to be. */
export function nonString(value: unknown): Pick<Problem, 'problem' | 'remedy'> {
  const why = WHAT_YAML_DID[typeof value];
  if (why !== undefined) {
    return {
      problem: `${show(value)} is a ${typeof value}, not a string (${why})`,
      remedy: `quote it: "${String(value)}"`,
    };
  }
  const kind = value === null ? 'the value is empty' : `${show(value)} is not a string`;
  return { problem: kind, remedy: 'set a string' };
}

function refuseNonString(value: unknown, place: Place): void {
  const { problem, remedy } = nonString(value);
  place.refuse(problem, remedy);
}

/** Labels of any source: strings, with the syntax that the API server demands. */
export function checkLabels(labels: Readonly<Record<string, unknown>>, place: Place): void {
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value !== 'string') refuseNonString(value, place.at(key));
    else if (value !== '' && (value.length > MAX_LABEL || !LABEL_NAME.test(value))) {
      place
        .at(key)
        .refuse(
          `${show(value)} is not a valid label value`,
          'use at most 63 letters, digits, "-", "_" or ".", starting and ending with a letter or digit',
        );
    }
    checkKey(key, place);
  }
}

export function checkAnnotations(annotations: Readonly<Record<string, unknown>>, place: Place): void {
  for (const [key, value] of Object.entries(annotations)) {
    if (typeof value !== 'string') refuseNonString(value, place.at(key));
    checkKey(key.toLowerCase(), place);
  }
}

function checkKey(key: string, place: Place): void {
  if (isQualifiedName(key)) return;
  place
    .at(key)
    .refuse(
      `${show(key)} is not a valid label or annotation key`,
      'use an optional DNS prefix and a slash, then at most 63 letters, digits, "-", "_" or "."',
    );
}
