/** The query languages of the providers. Where the escapes of one are not certain, values in its strings are limited. */
import { escapeRegex } from '../../../schema/regex.js';
import type { Grammar, Quoting } from './grammar.js';
import { DURATION, NAME, NUMBER, operands, PATH, wordSet } from './operandForms.js';
import {
  BACKSLASHED,
  backslashed,
  escaped,
  hexEscape,
  inJson,
  literalInRegex,
  nameOnly,
  unescaped,
  verbatim,
  withoutQuotes,
} from './quotings.js';
import type { RefusedValue } from './rule.js';

/** After `=~` and `!~` a value stands for itself, and nothing else. */
function matched(write: (value: string) => string | RefusedValue): Quoting['write'] {
  return (value, code) => {
    const literal = /[=!]~\s*$/.test(code) ? literalInRegex(value) : value;
    return typeof literal === 'string' ? write(literal) : literal;
  };
}

function promString(quote: string): Quoting {
  return { ...escaped(quote, backslashed), write: matched(value => backslashed(value, quote)) };
}

const PROM_DURATION = `${DURATION}|(?:${DURATION})?:(?:${DURATION})?`;

export const promqlGrammar: Grammar = {
  quotings: [
    promString('"'),
    promString("'"),
    { ...verbatim('`'), write: matched(value => (value.includes('`') ? withoutQuotes(value) : value)) },
  ],
  comments: [{ open: '#', close: /[\n\r]/g }],
  operands: operands({
    alone: `(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?|${DURATION}|[A-Za-z_:][\\w:]*`,
    within: `${NUMBER}|${PROM_DURATION}|[A-Za-z_:][\\w:]*`,
    touching: '\\w.:',
    reserved:
      'and or unless atan2 by without on ignoring group_left group_right offset bool if ifnot default keep_metric_names with limit smoothed anchored fill fill_left fill_right',
  }),
};

function fluxString(value: string, quote: string): string {
  return backslashed(value, quote).replace(/[${]/g, hexEscape);
}

/** A slash where an operand is expected: after anything else it divides. */
const EXPECTS_OPERAND = /(?:^|[^\w)\]}\0\s]|(?<![\w.])(?:and|or|not|return|in|if|then|else|exists))\s*$/;

const nameInRegex = nameOnly(new Set());

const fluxRegex: Quoting = {
  open: '/',
  close: '/',
  skip: BACKSLASHED,
  begins: code => EXPECTS_OPERAND.test(code),
  write: (value, code) => {
    // Two slashes are a comment.
    if (value === '') return { problem: 'is empty' };
    const name = nameInRegex(value, code);
    return typeof name === 'string' ? escapeRegex(name).replaceAll('/', '\\/') : name;
  },
};

/** No exponents, and no zeros before others: they would be two numbers. */
const FLUX_NUMBER = '0|[1-9]\\d*|\\d+\\.\\d+|(?:(?:0|[1-9]\\d*)(?:ns|us|ms|mo|[smhdwy]))+';

export const fluxGrammar: Grammar = {
  // `$` takes the next character with it, whatever it is.
  quotings: [{ ...escaped('"', fluxString), skip: `${BACKSLASHED}|\\$(?:[^{"]|$)`, unsure: '\\$[{$]' }, fluxRegex],
  comments: [{ open: '//', close: /\n/g }],
  operands: operands({
    alone: `${FLUX_NUMBER}|${NAME}`,
    within: `${FLUX_NUMBER}|\\.?${PATH}`,
    reserved: 'and or not empty in import package return option builtin test testcase if then else exists with',
  }),
};

export const graphqlGrammar: Grammar = {
  quotings: [{ ...verbatim('"""'), skip: '\\\\"""' }, escaped('"', inJson)],
  comments: [{ open: '#', close: /[\n\r]/g }],
  operands: operands({
    alone: `${NUMBER}|${NAME}`,
    within: `${NUMBER}|${NAME}`,
    reserved: 'on query mutation subscription fragment',
  }),
};

const LOGIC = 'and or not in';

const nrqlString: Quoting['write'] = (value, code) => {
  const [operator] = /\br?like\s*r?$/i.exec(code) ?? [];
  const wildcards = operator?.toLowerCase().startsWith('r') ? /[.*+?()[\]{}|^$]/ : /%/;
  if (operator !== undefined && wildcards.test(value)) return { problem: 'is in a pattern, and has wildcards' };
  return withoutQuotes(value);
};

export const nrqlGrammar: Grammar = {
  quotings: [unescaped("'", nrqlString), unescaped('"', nrqlString), unescaped('`')],
  comments: [
    { open: '--', close: /\n/g },
    { open: '//', close: /\n/g },
    { open: '/*', close: /\*\//g },
  ],
  operands: operands({
    alone: `${NUMBER}|${PATH}`,
    within: `${NUMBER}|${PATH}`,
    reserved: `${LOGIC} is like rlike null as select from where facet limit since until compare with timeseries offset order by extrapolate slide join on inner left lookup predict cases`,
  }),
};

/** Its strings may be queries themselves. */
function namesInStrings(reserved: string): readonly Quoting[] {
  const write = nameOnly(wordSet(reserved));
  return [unescaped("'", write), unescaped('"', write)];
}

/** Tags stand in braces, without quotes. */
export const datadogGrammar: Grammar = {
  quotings: [{ open: '{', close: '}', write: nameOnly(wordSet(LOGIC)) }, ...namesInStrings(LOGIC)],
  comments: [],
  operands: operands({
    alone: `${NUMBER}|${PATH}`,
    within: `${NUMBER}|${PATH}`,
    reserved: `${LOGIC} by`,
  }),
};

export const wavefrontGrammar: Grammar = {
  quotings: namesInStrings(LOGIC),
  comments: [],
  operands: operands({
    alone: `${NUMBER}|${DURATION}|${PATH}`,
    within: `${NUMBER}|${DURATION}|${PATH}`,
    reserved: `${LOGIC} by`,
  }),
};

/** Without operators, so that hyphens are part of names. */
export const graphiteGrammar: Grammar = {
  quotings: namesInStrings(''),
  comments: [],
  operands: operands({ alone: '[\\w-]+(?:\\.[\\w-]+)*', within: '[\\w.-]+', touching: '\\w.-' }),
};

/** Metric math, searches and Metrics Insights. */
export const cloudWatchGrammar: Grammar = {
  quotings: namesInStrings(LOGIC),
  comments: [],
  operands: operands({
    alone: `${NUMBER}|${NAME}`,
    within: `${NUMBER}|${NAME}`,
    reserved: `${LOGIC} select from where group by order limit asc desc schema`,
  }),
};

/** `~` escapes. */
export const dynatraceGrammar: Grammar = {
  quotings: [{ ...unescaped('"', nameOnly(wordSet(LOGIC), ' ')), unsure: '[\\\\~]' }],
  comments: [],
  operands: operands({
    alone: `${NUMBER}|${DURATION}|${PATH}`,
    within: `${NUMBER}|${DURATION}|${PATH}`,
    reserved: LOGIC,
  }),
};
