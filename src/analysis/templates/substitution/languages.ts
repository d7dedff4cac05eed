/** The rule of each language. */
import type { Language } from '../../../schema/language.js';
import { code } from './code.js';
import { celGrammar, jsonPathGrammar, jsonTextGrammar, unknownGrammar } from './expressions.js';
import { data, header, json, word } from './plain.js';
import {
  cloudWatchGrammar,
  datadogGrammar,
  dynatraceGrammar,
  fluxGrammar,
  graphiteGrammar,
  graphqlGrammar,
  nrqlGrammar,
  promqlGrammar,
  wavefrontGrammar,
} from './queries.js';
import type { InsertRule } from './rule.js';
import { isWhole, join } from './template.js';
import { url } from './url.js';

/** Of a text whose language is not known. */
export const strict: InsertRule = code(unknownGrammar);

const jsonDocument = code(jsonTextGrammar);

/** JSON if it is JSON with any number for its values. */
const body: InsertRule = template =>
  (isJson(
    join(
      template,
      template.holes.map(() => '0'),
    ),
  )
    ? jsonDocument
    : strict)(template);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const RULES: { readonly [L in Language]: InsertRule } = {
  data,
  header,
  word,
  scalar: template => (isWhole(template) ? data : strict)(template),
  url,
  body,
  json,
  cel: code(celGrammar),
  jsonPath: code(jsonPathGrammar),
  promql: code(promqlGrammar),
  datadog: code(datadogGrammar),
  nrql: code(nrqlGrammar),
  cloudWatch: code(cloudWatchGrammar),
  graphite: code(graphiteGrammar),
  flux: code(fluxGrammar),
  wavefront: code(wavefrontGrammar),
  graphql: code(graphqlGrammar),
  dynatrace: code(dynatraceGrammar),
};
