/** The arguments of an analysis inserted in its metrics, except those from Secrets. */

import { MetricSchema, ProviderSchema } from '../../api/analysis/metric.js';
import { isObject, type JsonObject } from '../../schema/json.js';
import { Place } from '../../schema/place.js';
import { placeholdersOf, refuseUnknown } from '../../schema/placeholders.js';
import type { Problem } from '../../schema/problem.js';
import { show } from '../../schema/show.js';
import type { SecretArg } from '../../status/analysisRuns.js';
import type { Args } from './args.js';
import { type Budget, MOST_PROBLEMS, substitute } from './substitution/substitute.js';
import type { Argument } from './substitution/template.js';
import type { AnalysisSpec } from './templates.js';

/** Several times what status has room for. */
const MOST_CHARACTERS = 256 * 1024;

/** The arguments of one analysis, and how much longer they may make its metrics. */
export interface Filling {
  readonly args: Args;
  readonly budget: Budget;
}

export function fillingWith(args: Args): Filling {
  return { args, budget: { left: MOST_CHARACTERS } };
}

/**
 * A metric of a template; undefined if it was refused. Secrets are allowed only in the provider: everything else of a
 * metric is shown in status.
 */
export function fillArgs(
  raw: JsonObject,
  template: AnalysisSpec,
  { args, budget }: Filling,
  place: Place,
): JsonObject | undefined {
  const before = place.count;
  const { provider = {}, ...shown } = raw;
  const secrets = new Set(args.secrets.map(({ arg }) => arg));
  const rawNames = rawNamesOf(template);
  const unknown = new Set<string>();
  const argument = (name: string): Argument | undefined => {
    const text = args.values.get(name);
    return text === undefined ? undefined : { text, raw: rawNames.has(name), secret: false };
  };
  const inProvider = (name: string) => (secrets.has(name) ? { raw: rawNames.has(name), secret: true } : argument(name));
  const shared = { unknown: (name: string) => unknown.add(name), budget, where: `in ${template.path}.args` };
  const filled = substitute(shown, MetricSchema, { ...shared, args: named(argument) }, place);
  const filledProvider = isObject(provider)
    ? substitute(provider, ProviderSchema, { ...shared, args: named(inProvider) }, place.at('provider'))
    : provider;
  for (const name of unknown) refuse(name, secrets, place);
  return place.count === before && before < MOST_PROBLEMS ? { ...filled, provider: filledProvider } : undefined;
}

function refuse(name: string, secrets: ReadonlySet<string>, place: Place): void {
  if (secrets.has(name.replace(/^args\./, ''))) {
    place.refuse(`{{${name}}} is the value of a Secret outside the provider`, 'use it only in the provider');
  } else refuseUnknown(name, place);
}

/** By the name in a placeholder, `args.name`. */
function named<Found>(argument: (name: string) => Found | undefined): (name: string) => Found | undefined {
  return name => (name.startsWith('args.') ? argument(name.slice('args.'.length)) : undefined);
}

/** Only the list beside the metrics decides it: whoever sets a value elsewhere did not write the query. */
function rawNamesOf({ args }: AnalysisSpec): ReadonlySet<string> {
  return new Set(args.filter(arg => arg['raw'] === true).map(arg => String(arg['name'])));
}

/** Refuses `raw` where it would have no effect: on arguments of a StormService that templates use. `place` is the list's. */
export function checkRaw(given: readonly JsonObject[], templates: readonly AnalysisSpec[], place: Place): void {
  if (!given.some(arg => arg['raw'] === true)) return;
  const used = templates.map(namesIn);
  given.forEach((arg, index) => {
    const name = String(arg['name']);
    const user = arg['raw'] === true ? templates.find((_, index) => used[index]?.has(name)) : undefined;
    if (user === undefined) return;
    place
      .at(index, 'raw')
      .refuse(
        `argument ${show(name)} is used in ${user.path}, so only that template may declare it raw`,
        'remove raw, or give the argument of your own metrics another name',
      );
  });
}

/** Names of the arguments that a template declares or uses. */
function namesIn({ args, metrics }: AnalysisSpec): ReadonlySet<string> {
  const used = [...placeholdersOf(metrics)].map(name => name.replace(/^args\./, ''));
  return new Set([...args.map(arg => String(arg['name'])), ...used]);
}

/** The Secrets that metrics use. Their values are inserted later, in one way for each. */
export function usedSecrets(
  specs: readonly AnalysisSpec[],
  secrets: readonly SecretArg[],
  problems: Problem[],
): readonly SecretArg[] {
  if (secrets.length === 0) return [];
  const uses = specs.map(spec => ({ spec, names: placeholdersOf(spec.metrics), raw: rawNamesOf(spec) }));
  return secrets.flatMap(secret => {
    const users = uses.filter(({ names }) => names.has(`args.${secret.arg}`));
    const verbatim = users.find(({ raw }) => raw.has(secret.arg));
    const escaped = users.find(({ raw }) => !raw.has(secret.arg));
    if (escaped !== undefined && verbatim !== undefined) {
      new Place(`${escaped.spec.path}.args`, problems).refuse(
        `argument ${show(secret.arg)} comes from a Secret and is raw in ${verbatim.spec.path} only`,
        'rename the argument in one of the two',
      );
    }
    if (users.length === 0) return [];
    return [escaped === undefined ? secret : { ...secret, escaped: true as const }];
  });
}
