/**
 * The tokens of the query languages, as their own grammars have them, and independent of how the hook reads them:
 * Prometheus' lex.go, Flux' scanner.rl, the specifications of GraphQL and RFC 9535, and otherwise the vendors' pages.
 */
import type { Language } from '../../src/schema/language.js';

/** What begins at a place: what it is called, and its text. A name or a number is an `operand`. */
type Pattern = readonly [kind: string, pattern: RegExp];

interface Lexer {
  readonly patterns: readonly Pattern[];
  /** Names that are operators. */
  readonly keywords?: RegExp;
  /** A slash begins a regular expression where an operand may begin. */
  readonly hasRegexes?: true;
}

const SPACE: Pattern = ['', /\s+/y];
const NUMBER = '(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?';
/** Dots are part of a name. */
const DOTTED = '[A-Za-z_]\\w*(?:\\.\\w+)*';
const DURATION = '(?:\\d+(?:ns|us|ms|mo|[smhdwy]))+';

/** A number ends before anything but a letter, a digit or a dot; a name before anything but a letter or a digit. */
function operands(...patterns: readonly string[]): readonly Pattern[] {
  return patterns.map(pattern => [
    'operand',
    new RegExp(pattern.startsWith('[') ? `${pattern}(?!\\w)` : `${pattern}(?![\\w.])`, 'y'),
  ]);
}

function marks(...texts: readonly string[]): Pattern {
  const longestFirst = [...texts].sort((left, right) => right.length - left.length);
  return ['mark', new RegExp(longestFirst.map(text => text.replaceAll(/\W/g, '\\$&')).join('|'), 'y')];
}

const single = [...'+-*/%^<>=!()[]{},:.@?&|$;#'];
const plainStrings: readonly Pattern[] = [
  ['string', /"[^"\\]*"/y],
  ['string', /'[^'\\]*'/y],
];

const LEXERS: Partial<Record<Language, Lexer>> = {
  promql: {
    patterns: [
      SPACE,
      ['comment', /#[^\n\r]*/y],
      ['string', /"(?:[^"\\\n]|\\(?:[abfnrtv\\"]|x[\da-f]{2}|u[\da-f]{4}))*"/y],
      ['string', /'(?:[^'\\\n]|\\(?:[abfnrtv\\']|x[\da-f]{2}|u[\da-f]{4}))*'/y],
      ['string', /`[^`]*`/y],
      ['operand', new RegExp(`(?:${DURATION})?:(?:${DURATION})(?![\\w.:])`, 'y')],
      ...operands(DURATION, NUMBER, '[A-Za-z_:][\\w:]*'),
      marks('==', '!=', '<=', '>=', '=~', '!~', ...single),
    ],
    keywords: /^(?:and|or|unless|atan2|by|without|on|ignoring|group_left|group_right|offset|bool)$/i,
  },
  flux: {
    patterns: [
      SPACE,
      ['comment', /\/\/[^\n]*/y],
      ['string', /"(?:[^"\\$]|\\(?:[nrt\\"]|\$\{|x[\da-f]{2})|\$[^{"])*\$?"/y],
      ...operands('(?:(?:0|[1-9]\\d*)(?:ns|us|ms|mo|[smhdwy]))+', '\\d+\\.\\d*', '(?:0|[1-9]\\d*)', '[A-Za-z_]\\w*'),
      marks('==', '!=', '<=', '>=', '=~', '!~', '=>', '|>', '<-', ...single),
    ],
    keywords: /^(?:and|or|not|empty|in|import|package|return|option|builtin|if|then|else|exists)$/,
    hasRegexes: true,
  },
  graphql: {
    patterns: [
      SPACE,
      ['comment', /#[^\n\r]*/y],
      ['string', /"""(?:[^"\\]|\\"""|\\(?!""")|"(?!""))*"""/y],
      ['string', /"(?!"")(?:[^"\\\n\r]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"/y],
      ...operands(NUMBER, '[A-Za-z_]\\w*'),
      marks('...', ...single),
    ],
    keywords: /^(?:on|fragment)$/,
  },
  nrql: {
    patterns: [
      SPACE,
      ['comment', /(?:--|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y],
      ...plainStrings,
      ['string', /`[^`]*`/y],
      ...operands(NUMBER, DOTTED),
      marks('!=', '<=', '>=', ...single),
    ],
    keywords: /^(?:and|or|not|in|is|like|rlike|as|select|from|where|facet|limit|since|until)$/i,
  },
  wavefront: {
    patterns: [SPACE, ...plainStrings, ...operands(DURATION, NUMBER, DOTTED), marks(...single, '~')],
    keywords: /^(?:and|or|not|by)$/i,
  },
  graphite: { patterns: [SPACE, ...plainStrings, ['operand', /[\w.-]+/y], marks(...single)] },
  cloudWatch: {
    patterns: [SPACE, ...plainStrings, ...operands(NUMBER, '[A-Za-z_]\\w*'), marks(...single)],
    keywords: /^(?:and|or|not|select|from|where|group|by)$/i,
  },
  dynatrace: {
    patterns: [SPACE, ['string', /"(?:[^"~]|~.)*"/y], ...operands(DURATION, NUMBER, DOTTED), marks(...single)],
  },
  datadog: {
    patterns: [
      SPACE,
      ...plainStrings,
      // Tags.
      ['string', /\{[\p{L}\p{N}_.:/@*, -]*\}/uy],
      ...operands(NUMBER, DOTTED),
      marks(...single),
    ],
    keywords: /^(?:and|or|not|by)$/i,
  },
  jsonPath: {
    patterns: [
      SPACE,
      ['string', /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"/y],
      ['string', /'(?:[^'\\]|\\(?:['\\/bfnrt]|u[\da-f]{4}))*'/y],
      ...operands(NUMBER, '[A-Za-z_]\\w*'),
      marks('==', '!=', '<=', '>=', '&&', '||', ...single),
    ],
  },
};

export const LEXED = Object.keys(LEXERS) as readonly Language[];

/** Kinds of tokens outside strings, in their order; undefined where the text has none that the language knows. */
export function tokensOf(language: Language, text: string): readonly string[] | undefined {
  const lexer = LEXERS[language];
  if (lexer === undefined) throw new Error(`no lexer for ${language}`);
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(lexer, text, at, tokens.at(-1));
    if (token === undefined) return undefined;
    at += token.text.length;
    if (token.kind !== '') tokens.push(token.kind);
  }
  return withSigns(tokens);
}

interface Token {
  readonly kind: string;
  readonly text: string;
}

const REGEX = /\/(?:[^/\\]|\\[\s\S])+\//y;

function tokenAt(lexer: Lexer, text: string, at: number, previous: string | undefined): Token | undefined {
  if (lexer.hasRegexes && text[at] === '/' && text[at + 1] !== '/' && expectsOperand(previous)) {
    // Nothing else begins with a slash there.
    const regex = matchAt(REGEX, text, at);
    return regex === undefined ? undefined : { kind: 'regex', text: regex };
  }
  for (const [kind, pattern] of lexer.patterns) {
    const found = matchAt(pattern, text, at);
    if (found === undefined) continue;
    if (kind === 'mark') return { kind: found, text: found };
    return { kind: kind === 'operand' && lexer.keywords?.test(found) ? found.toLowerCase() : kind, text: found };
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] || undefined;
}

function expectsOperand(previous: string | undefined): boolean {
  return previous === undefined || !['operand', 'string', 'regex', ')', ']', '}'].includes(previous);
}

/** A minus sign where an operand is expected belongs to the number that follows. */
function withSigns(tokens: readonly string[]): readonly string[] {
  return tokens.filter((token, index) => {
    const before = tokens.slice(0, index).findLast(kind => kind !== 'comment');
    return !(token === '-' && tokens[index + 1] === 'operand' && expectsOperand(before) && before !== '-');
  });
}
