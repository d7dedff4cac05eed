/** How the operators and functions of expr-lang are written in CEL. */

/** CEL, and whether it can stand before a dot or behind a `!` without parentheses. */
export interface Cel {
  readonly text: string;
  readonly tight: boolean;
}

interface Infix {
  readonly power: number;
  readonly write: (left: Cel, right: Cel) => Cel;
}

type Call = (args: readonly Cel[]) => Cel | undefined;

export const loose = (text: string): Cel => ({ text, tight: false });
export const tight = (text: string): Cel => ({ text, tight: true });
export const grouped = (cel: Cel): string => (cel.tight ? cel.text : `(${cel.text})`);
const sign = (text: string) => (left: Cel, right: Cel) => loose(`${left.text} ${text} ${right.text}`);
const asMethod = (name: string) => (left: Cel, right: Cel) => tight(`${grouped(left)}.${name}(${right.text})`);

/** Binding powers of expr-lang; they order these operators as CEL does, except for `??`. */
export const infix: Readonly<Record<string, Infix>> = {
  or: { power: 10, write: sign('||') },
  '||': { power: 10, write: sign('||') },
  and: { power: 15, write: sign('&&') },
  '&&': { power: 15, write: sign('&&') },
  ...Object.fromEntries(['==', '!=', '<', '<=', '>', '>='].map(text => [text, { power: 20, write: sign(text) }])),
  in: { power: 20, write: within },
  'not in': { power: 20, write: (left, right) => tight(`!(${within(left, right).text})`) },
  contains: { power: 20, write: asMethod('contains') },
  startsWith: { power: 20, write: asMethod('startsWith') },
  endsWith: { power: 20, write: asMethod('endsWith') },
  '..': { power: 25, write: (left, right) => loose(`${left.text} .. ${right.text}`) },
  '+': { power: 30, write: sign('+') },
  '-': { power: 30, write: sign('-') },
  '*': { power: 60, write: sign('*') },
  '/': { power: 60, write: (left, right) => loose(`${left.text} / ${fraction(right.text)}`) },
  '%': { power: 60, write: sign('%') },
  '??': { power: 500, write: (left, right) => tight(`default(${left.text}, ${right.text})`) },
};

export const NEGATION = 50;
export const MINUS = 90;

/** `value in 1..5` has no list in CEL. */
function within(value: Cel, list: Cel): Cel {
  const [from, to] = list.text.split(' .. ');
  if (to === undefined) return loose(`${value.text} in ${list.text}`);
  return tight(`(${value.text} >= ${from} && ${value.text} <= ${to})`);
}

/** Argo divides whole numbers as fractions. */
function fraction(divisor: string): string {
  if (/^\d+$/.test(divisor)) return `${divisor}.0`;
  return /^(asInt|int|size)\(/.test(divisor) ? `double(${divisor})` : divisor;
}

export const predicates: Readonly<Record<string, (list: string, variable: string, predicate: string) => string>> = {
  all: (list, variable, predicate) => `${list}.all(${variable}, ${predicate})`,
  any: (list, variable, predicate) => `${list}.exists(${variable}, ${predicate})`,
  one: (list, variable, predicate) => `${list}.exists_one(${variable}, ${predicate})`,
  none: (list, variable, predicate) => `!${list}.exists(${variable}, ${predicate})`,
  filter: (list, variable, predicate) => `${list}.filter(${variable}, ${predicate})`,
  map: (list, variable, predicate) => `${list}.map(${variable}, ${predicate})`,
  count: (list, variable, predicate) => `size(${list}.filter(${variable}, ${predicate}))`,
  find: (list, variable, predicate) => `${list}.filter(${variable}, ${predicate})[0]`,
};

export const renamed: Readonly<Record<string, Call>> = {
  len: ([list]) => list && tight(`size(${list.text})`),
  float: ([value]) => value && tight(`double(${value.text})`),
  lower: ([value]) => value && tight(`${grouped(value)}.lowerAscii()`),
  upper: ([value]) => value && tight(`${grouped(value)}.upperAscii()`),
  trim: ([value]) => value && tight(`${grouped(value)}.trim()`),
  first: ([list]) => list && tight(`${grouped(list)}[0]`),
  last: ([list]) => list && tight(`${grouped(list)}[size(${list.text}) - 1]`),
};
