import { describe, expect, it } from 'vitest';
import { context } from '../../../test/analysis/state.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { JsonObject } from '../../schema/json.js';
import type { SecretArg } from '../../status/analysisRuns.js';
import { withCredentials } from './secrets.js';

const secret = (name: string, data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'shop' },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
});
const token: SecretArg = { arg: 'token', name: 'credentials', key: 'token' };
const other: SecretArg = { arg: 'other', name: 'elsewhere', key: 'key' };
const asking = (header: string): JsonObject => ({
  web: { url: 'http://m', headers: [{ key: 'Authorization', value: header }] },
});

function credentials(provider: JsonObject, args: readonly SecretArg[], ...secrets: readonly KubeObject[]) {
  const related = { 'Secret.v1': Object.fromEntries(secrets.map(each => [`shop/${each.metadata.name}`, each])) };
  return withCredentials(provider, args, { ...context, related });
}

describe('the credentials of a query', () => {
  it('are the arguments that it uses, and no others', () => {
    const found = credentials(asking('Bearer {{args.token}}'), [token, other], secret('credentials', { token: 'abc' }));
    expect(found).toEqual({ ok: true, provider: asking('Bearer abc'), secrets: { 'args.token': 'abc' } });
  });

  it.each([
    ['the Secret is missing', [other], [], 'Secret "elsewhere" is not in this namespace'],
    ['its key is missing', [token], [secret('credentials', {})], 'Secret "credentials" has no key "token"'],
  ])('are refused if %s', (_, args, secrets, message) => {
    const found = credentials(asking(`{{args.${args[0]!.arg}}}`), args, ...secrets);
    expect(found).toEqual({ ok: false, message: expect.stringContaining(message) });
  });

  it('are refused if there are more than 50: each is looked for in what is shown', () => {
    const names = Array.from({ length: 51 }, (_, index) => `k${index}`);
    const args = names.map(key => ({ arg: key, name: 'credentials', key }));
    const all = secret('credentials', Object.fromEntries(names.map(name => [name, 'value'])));
    const using = (count: number) =>
      credentials(
        asking(
          names
            .slice(0, count)
            .map(name => `{{args.${name}}}`)
            .join(),
        ),
        args,
        all,
      );
    expect(using(50)).toMatchObject({ ok: true });
    expect(using(51)).toEqual({ ok: false, message: expect.stringContaining('51 Secret keys, more than 50') });
  });

  describe('as data', () => {
    const data: SecretArg = { ...token, escaped: true };
    const promql = (query: string): JsonObject => ({ prometheus: { address: 'http://p', query } });
    const hostile = secret('credentials', { token: '"} or vector(1) # 7391' });

    it('are escaped where they are used', () => {
      expect(credentials(promql('up{a="{{args.token}}"}'), [data], hostile)).toEqual({
        ok: true,
        provider: promql('up{a="\\"} or vector(1) # 7391"}'),
        secrets: { 'args.token': '"} or vector(1) # 7391' },
      });
    });

    it.each([
      ['a query', promql('up > {{args.token}}'), '"} or vector(1) # 7391', 'provider.prometheus.query'],
      ['a header', asking('Bearer {{args.token}}'), 'a\r\nX-Admin: 7391', 'provider.web.headers[0].value'],
      ['a URL', { web: { url: 'http://{{args.token}}/a' } }, 'evil/7391?', 'provider.web.url'],
      ['a body', { web: { url: 'http://a', body: '{"a": {{args.token}}}' } }, '1, "b": 7391', 'provider.web.body'],
    ])('are refused in %s that they would change, without their value', (_, provider, value, path) => {
      const found = credentials(provider, [data], secret('credentials', { token: value }));
      expect(found).toEqual({ ok: false, message: expect.stringContaining(`${path}: {{args.token}}: its value `) });
      expect(JSON.stringify(found)).not.toContain('7391');
    });

    it('may end with a line break', () => {
      const found = credentials(asking('Bearer {{args.token}}'), [data], secret('credentials', { token: 'abc\n' }));
      expect(found).toMatchObject({ ok: true, provider: asking('Bearer abc') });
    });

    it('that are long are refused before they fill the memory', () => {
      const found = credentials(
        promql(`"${'{{args.token}}'.repeat(1000)}"`),
        [data],
        secret('credentials', { token: 'a'.repeat(100_000) }),
      );
      expect(found).toEqual({ ok: false, message: expect.stringContaining('too long') });
    });

    it('of a run that began with version 0.1 are inserted as they are', () => {
      expect(credentials(promql('{{args.token}}'), [token], hostile)).toMatchObject({
        ok: true,
        provider: promql('"} or vector(1) # 7391'),
      });
    });
  });
});
