/** Words of expr-lang, the language of Argo Rollouts' conditions. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
}

const pattern =
  /\s*(?:(?<name>[A-Za-z_$][\w$]*)|(?<number>\d+(?:\.(?!\.)\d+)?(?:[eE][+-]?\d+)?)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<sign>\?\?|\?\.|\.\.|\*\*|&&|\|\||[=!<>]=|[-+*/%<>!?:.,|#(){}[\]]))/y;

/** undefined when a part of it is none of these words. */
export function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) return undefined;
    for (const kind of ['name', 'number', 'text', 'sign'] as const) {
      if (groups[kind] !== undefined) tokens.push({ kind, text: groups[kind] });
    }
  }
  return [...tokens, { kind: 'end', text: '' }];
}
