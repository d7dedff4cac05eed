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
});
