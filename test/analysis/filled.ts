import { substitute } from '../../src/analysis/templates/substitution/substitute.js';
import type { Argument } from '../../src/analysis/templates/substitution/template.js';
import { LANGUAGE, type Language } from '../../src/schema/language.js';
import { Place } from '../../src/schema/place.js';

type Values = Readonly<Record<string, string>>;
type Filled = { readonly text: string } | { readonly refused: string };

interface Others {
  /** Inserted as they are. */
  readonly raw?: Values;
  /** Those of Secrets, which follow in a second pass. */
  readonly secrets?: Values;
  readonly rawSecrets?: Values;
}

/** `{{args.x}}`, `{{args.y}}` … in a text of this language; or why not. */
export function filled(
  language: Language | undefined,
  text: string,
  values: Values,
  { raw = {}, secrets = {}, rawSecrets = {} }: Others = {},
): Filled {
  const first = pass(language, text, {
    ...each(values, text => ({ text, raw: false, secret: false })),
    ...each(raw, text => ({ text, raw: true, secret: false })),
    ...each(secrets, () => ({ raw: false, secret: true })),
    ...each(rawSecrets, () => ({ raw: true, secret: true })),
  });
  if ('refused' in first || Object.keys({ ...secrets, ...rawSecrets }).length === 0) return first;
  return pass(language, first.text, {
    ...each(secrets, text => ({ text, raw: false, secret: true })),
    ...each(rawSecrets, text => ({ text, raw: true, secret: true })),
  });
}

function each(values: Values, argument: (text: string) => Argument): Readonly<Record<string, Argument>> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [`args.${name}`, argument(text)]));
}

function pass(language: Language | undefined, text: string, args: Readonly<Record<string, Argument>>): Filled {
  const place = new Place('spec', []);
  const schema = { properties: { field: language === undefined ? {} : { [LANGUAGE]: language } } };
  const unknown = (name: string) => place.refuse(`${name} is unknown`, '');
  const rest = { unknown, budget: { left: 1e6 }, where: 'in the template' };
  const { field } = substitute({ field: text }, schema, { args: name => args[name], ...rest }, place);
  const [problem] = place.problems;
  return problem === undefined ? { text: String(field) } : { refused: `${problem.problem}; ${problem.remedy}` };
}
