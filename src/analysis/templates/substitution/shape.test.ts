/** Queries of all languages: no value changes the tokens outside strings, read by a lexer of its own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filled } from '../../../../test/analysis/filled.js';
import { hostileValues, withArgument } from '../../../../test/analysis/hostileValues.js';
import { LEXED, tokensOf } from '../../../../test/analysis/tokens.js';

/** Parts of queries, with @ for an argument. Together they need not make sense: only tokens count. */
const parts: Readonly<Record<string, string>> = {
  promql: String.raw`sum( ) up{ } a= a=~ "@" '@' §@§ "a\"@b" "\\@" @ x_@ @: [@] #"@¶ - ^ > ,`,
  flux: String.raw`f( ) r.a == =~ "@" "a$@" "\"@" "$a@" /@/ /"@/ / @ r.@ //"@¶ - > |> , and`,
  graphql: String.raw`{ } a(id: ) "@" """@""" "a\"@b" ["@""b"] @ #"@¶ ... $@ - ,`,
  nrql: `SELECT ( ) '@' "@" §@§ LIKE RLIKE a.@ @ --it's@¶ /*it's@*/ //@¶ - / ,`,
  wavefront: `ts( ) "@" '@' "a@" a.@ @ - and , =`,
  graphite: `target= f( ) '@' "@" a.@.b @ , &`,
  cloudWatch: `SEARCH( '{a}@' ) '@' "@" @ m1 - / ,`,
  dynatrace: `a:filter( ) "@" "a~"@" @ a.@ : - ,`,
  datadog: `avg:x {a:@} {@,b:c} '@' @ a.@ ( ) - / ,`,
  jsonPath: String.raw`$ .a .@ ['@'] ["@"] [@] [?$.b=="@"] 'a\'@' - > (`,
};

function templates(language: string): fc.Arbitrary<string> {
  const pool = (parts[language] ?? '').split(' ').map(part => part.replaceAll('§', '`').replaceAll('¶', '\n'));
  const part = fc.tuple(fc.constantFrom(...pool), fc.constantFrom('', ' ', '\n')).map(pair => pair.join(''));
  return fc.array(part, { minLength: 1, maxLength: 8 }).map(all => all.join(''));
}

const STAND_INS = ['v', '1', '1m', '1.5'];

describe.each(LEXED)('%s', language => {
  test('whatever the value, tokens outside strings are as many, and of the same kinds', () => {
    let inserted = 0;
    fc.assert(
      fc.property(templates(language), hostileValues, (template, value) => {
        const found = filled(language, withArgument(template), { x: value });
        const meant = STAND_INS.map(each => tokensOf(language, template.replaceAll('@', each))).filter(Boolean);
        if (!('text' in found) || !template.includes('@') || meant.length === 0) return;
        inserted++;
        expect(meant).toContainEqual(tokensOf(language, found.text));
      }),
      { numRuns: 3000 },
    );
    expect(inserted).toBeGreaterThan(100);
  });
});
