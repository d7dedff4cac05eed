/** Secrets, read for each measurement: their values are used only in the request. */

import { ProviderSchema } from '../../api/analysis/metric.js';
import { SECRET } from '../../metacontroller/children.js';
import { secretNameOf } from '../../providers/providers.js';
import { QueryError } from '../../providers/queryError.js';
import type { JsonObject } from '../../schema/json.js';
import { Place } from '../../schema/place.js';
import { placeholdersOf } from '../../schema/placeholders.js';
import { describe, type Result } from '../../schema/problem.js';
import { show } from '../../schema/show.js';
import type { SecretArg } from '../../status/analysisRuns.js';
import { ANALYSIS_LABEL, type AnalysisContext } from '../context.js';
import { substitute } from './substitution/substitute.js';
import type { Argument } from './substitution/template.js';

/** Each is looked for in what is shown of a query. */
const MAX_SECRETS = 50;

/** A Secret has at most a million bytes, and a query needs it once or twice. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

type Data = Readonly<Record<string, string>>;

export type Credentials =
  | { readonly ok: true; readonly provider: JsonObject; readonly secrets: Data }
  /** Names the Secret and the key, never its value. */
  | { readonly ok: false; readonly message: string };

/** The provider with its Secret args filled in, and the data of its own Secret. */
export function withCredentials(
  provider: JsonObject,
  args: readonly SecretArg[],
  context: AnalysisContext,
): Credentials {
  const secrets: Record<string, string> = {};
  const values = new Map<string, Argument>();
  const used = placeholdersOf(provider);
  for (const { arg, name, key, escaped } of args.filter(({ arg }) => used.has(`args.${arg}`))) {
    const data = dataOf(name, context);
    if (data === undefined) return missing(name);
    const value = data[key];
    if (value === undefined) return { ok: false, message: `Secret ${show(name)} has no key ${show(key)}` };
    secrets[`args.${arg}`] = value;
    values.set(`args.${arg}`, { text: value, raw: escaped !== true, secret: true });
  }
  const filled = inserted(provider, values);
  if (!filled.ok) return { ok: false, message: filled.problems.slice(0, 1).map(describe).join() };
  const own = providerSecret(provider);
  const data = own === undefined ? {} : dataOf(own.name, context);
  if (data === undefined && own?.written) return missing(own.name);
  const all = { ...data, ...secrets };
  const count = Object.keys(all).length;
  if (count > MAX_SECRETS) {
    return {
      ok: false,
      message: `the query uses ${count} Secret keys, more than ${MAX_SECRETS}: use a separate Secret for it`,
    };
  }
  return { ok: true, provider: filled.value, secrets: all };
}

function inserted(provider: JsonObject, values: ReadonlyMap<string, Argument>): Result<JsonObject> {
  const place = new Place('provider', []);
  const value = substitute(
    provider,
    ProviderSchema,
    {
      args: name => values.get(name),
      unknown: () => undefined,
      budget: { left: MOST_CHARACTERS },
      where: 'in the template',
    },
    place,
  );
  return place.count === 0 ? { ok: true, value } : { ok: false, problems: place.problems };
}

/** Names of the Secrets that a provider needs, from its spec. */
export function secretsOfProvider(provider: JsonObject): readonly string[] {
  const own = providerSecret(provider);
  return own === undefined ? [] : [own.name];
}

/** The provider's own Secret; the default one may be missing. */
function providerSecret(provider: JsonObject): { readonly name: string; readonly written: boolean } | undefined {
  try {
    const name = secretNameOf(provider);
    return name === undefined ? undefined : { name, written: JSON.stringify(provider).includes(JSON.stringify(name)) };
  } catch (error) {
    // Its spec is invalid: the query reports why.
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

function dataOf(name: string, { parent, related }: AnalysisContext): Data | undefined {
  const secret = Object.values(related[SECRET] ?? {}).find(
    ({ metadata }) => metadata.name === name && metadata.namespace === parent.metadata.namespace,
  );
  if (secret === undefined) return undefined;
  const entries = Object.entries((secret['data'] ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]),
  );
}

function missing(name: string): Credentials {
  const message = `Secret ${show(name)} is not in this namespace, or lacks the label ${ANALYSIS_LABEL}: "true"`;
  return { ok: false, message };
}
