/**
 * Argo Rollouts writes conditions in expr-lang. One that CEL cannot take is refused with its CEL form, so that an
 * AnalysisTemplate converts by copying the remedy. A small precedence parser that writes CEL as it reads; what has no
 * CEL form (regular expressions, powers, sums) is given up, and the caller checks what comes out.
 */
import { type Cel, grouped, infix, loose, MINUS, NEGATION, predicates, renamed, tight } from './exprRules.js';
import { type Token, tokensOf } from './exprTokens.js';

class NoCelForm extends Error {}

/** The CEL form of an expr-lang expression; undefined when it has none that is known here. */
export function toCel(text: string): string | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  try {
    const writer = new CelWriter(tokens);
    return writer.whole();
  } catch (error) {
    if (error instanceof NoCelForm) return undefined;
    throw error;
  }
}

class CelWriter {
  private position = 0;
  /** Of the predicates around the present place, outermost first. */
  private readonly variables: string[] = [];

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): string {
    const cel = this.expression();
    if (this.peek().kind !== 'end') throw new NoCelForm();
    return cel.text;
  }

  private expression(): Cel {
    const condition = this.binary(0);
    if (!this.accept('?')) return condition;
    const yes = this.expression();
    this.expect(':');
    return loose(`${condition.text} ? ${yes.text} : ${this.expression().text}`);
  }

  private binary(least: number): Cel {
    let left = this.unary();
    for (;;) {
      const operator = this.operator();
      if (operator === '|') {
        left = this.piped(left);
        continue;
      }
      const rule = infix[operator];
      if (rule === undefined || rule.power < least) return left;
      this.position += operator === 'not in' ? 2 : 1;
      left = rule.write(left, this.binary(rule.power + 1));
    }
  }

  private operator(): string {
    const { kind, text } = this.peek();
    if (kind === 'text' || kind === 'number') return '';
    return text === 'not' && this.tokens[this.position + 1]?.text === 'in' ? 'not in' : text;
  }

  /** `list | filter(# > 1)` is `filter(list, # > 1)`. */
  private piped(left: Cel): Cel {
    this.expect('|');
    return this.postfix(this.call(this.next().text, [left]));
  }

  private unary(): Cel {
    if (this.accept('not') || this.accept('!')) return tight(`!${grouped(this.binary(NEGATION))}`);
    if (this.accept('-')) return tight(`-${grouped(this.binary(MINUS))}`);
    return this.postfix(this.primary());
  }

  private primary(): Cel {
    const token = this.next();
    switch (token.kind) {
      case 'number':
      case 'text':
        return tight(token.text);
      case 'name':
        return this.named(token.text);
      case 'sign':
        return this.opened(token.text);
      default:
        throw new NoCelForm();
    }
  }

  private named(name: string): Cel {
    if (name === 'nil') return tight('null');
    return this.peek().text === '(' ? this.call(name, []) : tight(name);
  }

  private opened(open: string): Cel {
    switch (open) {
      case '(': {
        const inner = this.expression();
        this.expect(')');
        return tight(`(${inner.text})`);
      }
      case '[':
        return tight(`[${this.list(']')}]`);
      case '#':
        return tight(this.element());
      case '.':
        return tight(`${this.element()}.${this.next().text}`);
      default:
        throw new NoCelForm();
    }
  }

  private element(): string {
    const variable = this.variables.at(-1);
    if (variable === undefined) throw new NoCelForm();
    return variable;
  }

  private list(close: string): string {
    const items: string[] = [];
    while (!this.accept(close)) {
      if (items.length > 0) this.expect(',');
      items.push(this.expression().text);
    }
    return items.join(', ');
  }

  private postfix(start: Cel): Cel {
    let cel = start;
    for (;;) {
      if (this.accept('.')) cel = this.member(cel);
      else if (this.accept('?.')) cel = this.optional(cel);
      else if (this.accept('[')) cel = this.index(cel);
      else return cel;
    }
  }

  private member(object: Cel): Cel {
    const name = this.next().text;
    return this.accept('(') ? tight(`${object.text}.${name}(${this.list(')')})`) : tight(`${grouped(object)}.${name}`);
  }

  private optional(object: Cel): Cel {
    const field = `${grouped(object)}.${this.next().text}`;
    return tight(`(has(${field}) ? ${field} : null)`);
  }

  private index(object: Cel): Cel {
    const index = this.expression().text;
    this.expect(']');
    const fromEnd = index.startsWith('-') ? `size(${object.text}) - ${index.slice(1)}` : index;
    return tight(`${grouped(object)}[${fromEnd}]`);
  }

  private call(name: string, piped: readonly Cel[]): Cel {
    this.expect('(');
    const write = predicates[name];
    if (write !== undefined) return this.predicate(write, piped[0]);
    const args = [...piped];
    while (!this.accept(')')) {
      if (args.length > piped.length) this.expect(',');
      args.push(this.expression());
    }
    const cel = renamed[name] ? renamed[name](args) : tight(`${name}(${args.map(arg => arg.text).join(', ')})`);
    if (cel === undefined) throw new NoCelForm();
    return cel;
  }

  private predicate(write: (list: string, variable: string, text: string) => string, piped: Cel | undefined): Cel {
    const list = piped ?? this.expression();
    if (piped === undefined) this.expect(',');
    const variable = ['x', 'y', 'z'][this.variables.length];
    if (variable === undefined) throw new NoCelForm();
    this.variables.push(variable);
    const braced = this.accept('{');
    const text = this.expression().text;
    if (braced) this.expect('}');
    this.variables.pop();
    this.expect(')');
    return tight(write(grouped(list), variable, text));
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '' };
  }

  private next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  private accept(text: string): boolean {
    const { kind } = this.peek();
    if (kind === 'text' || kind === 'number' || this.peek().text !== text) return false;
    this.position += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw new NoCelForm();
  }
}
