import { describe, expect, it } from 'vitest';
import { fakeHook, stormService } from '../../../test/fakeHook.js';
import type { RelatedRule } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { createSandbox, type SandboxOptions } from '../sandbox.js';

const secret = (name: string, namespace: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels },
  data: {},
});

async function withRules(rules: readonly RelatedRule[], options: Partial<SandboxOptions> = {}) {
  const hook = fakeHook();
  hook.rules = () => rules;
  const sandbox = createSandbox({ hook, decorators: [], ...options });
  await sandbox.apply(secret('mine', 'default', { team: 'a' }));
  await sandbox.apply(secret('other', 'default', { team: 'b' }));
  await sandbox.apply(secret('mine', 'elsewhere', { team: 'a' }));
  await sandbox.apply(stormService());
  await sandbox.advance(30);
  return { sandbox, hook };
}

const SECRETS = { apiVersion: 'v1', resource: 'secrets' };

describe('customize', () => {
  it.each<[string, RelatedRule, readonly string[]]>([
    ['names', { ...SECRETS, namespace: 'default', names: ['mine', 'absent'] }, ['default/mine']],
    ['a label', { ...SECRETS, namespace: 'default', labelSelector: { matchLabels: { team: 'b' } } }, ['default/other']],
    ['neither', { ...SECRETS, namespace: 'default' }, ['default/mine', 'default/other']],
    ['no namespace: every namespace', { ...SECRETS, names: ['mine'] }, ['default/mine', 'elsewhere/mine']],
  ])('finds objects by %s', async (_, rule, found) => {
    const { hook } = await withRules([rule]);
    expect(Object.keys(hook.requests.at(-1)?.related?.['Secret.v1'] ?? {})).toEqual(found);
  });

  it('in version 1 stays in the namespace of the parent', async () => {
    const { hook } = await withRules([{ ...SECRETS, names: ['mine'] }], { hookVersion: 'v1' });
    expect(Object.keys(hook.requests.at(-1)?.related?.['Secret.v1'] ?? {})).toEqual(['mine']);
  });

  it('shows our own children too, and a group that is empty', async () => {
    const { hook } = await withRules([
      { apiVersion: 'v1', resource: 'services', namespace: 'default', names: ['my-app'] },
      { apiVersion: 'v1', resource: 'configmaps', namespace: 'default' },
    ]);
    expect(Object.keys(hook.requests.at(-1)?.related?.['Service.v1'] ?? {})).toEqual(['default/my-app']);
    expect(hook.requests.at(-1)?.related?.['ConfigMap.v1']).toEqual({});
  });

  it('is asked once per generation, whatever annotations and status do', async () => {
    const { sandbox, hook } = await withRules([]);
    expect(hook.customized).toBe(1);
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(5);
    expect(hook.customized).toBe(1);
    await sandbox.scale('my-app', 4);
    await sandbox.advance(5);
    expect(hook.customized).toBe(2);
  });

  it('is asked again after twenty minutes', async () => {
    const { sandbox, hook } = await withRules([]);
    await sandbox.advance(1250);
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(5);
    expect(hook.customized).toBe(2);
  });

  it('a change of a related object causes a sync, that of another does not', async () => {
    const { sandbox, hook } = await withRules([{ ...SECRETS, namespace: 'default', names: ['mine'] }]);
    const calls = hook.requests.length;
    await sandbox.apply({ ...secret('other', 'default'), data: { a: 'Yg==' } });
    await sandbox.advance(1);
    expect(hook.requests.length).toBe(calls);
    await sandbox.apply({ ...secret('mine', 'default'), data: { a: 'Yg==' } });
    await sandbox.advance(1);
    expect(hook.requests.length).toBe(calls + 1);
  });

  it.each<[string, RelatedRule]>([
    ['a kind that the cluster does not have', { apiVersion: 'example.com/v1', resource: 'gateways' }],
    ['names and labels at once', { ...SECRETS, names: ['mine'], labelSelector: { matchLabels: { team: 'a' } } }],
    ['a field that is unknown', { ...SECRETS, more: 1 } as RelatedRule],
  ])('%s fails the sync', async (_, rule) => {
    const { sandbox, hook } = await withRules([rule]);
    expect(hook.requests).toEqual([]);
    expect(sandbox.writes.total).toBe(0);
    expect(sandbox.metacontroller.syncs).toBeGreaterThan(5);
  });
});
