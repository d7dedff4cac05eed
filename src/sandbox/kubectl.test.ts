import { describe, expect, it } from 'vitest';
import { fakeHook, stormService } from '../../test/fakeHook.js';
import { SERVICE } from '../metacontroller/children.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { JsonObject } from '../schema/json.js';
import { ApiError } from './cluster/apiError.js';
import { STORM_SERVICE } from './cluster/kinds.js';
import { withImage } from './kubectl.js';
import { createSandbox } from './sandbox.js';

function quiet() {
  return createSandbox({ hook: fakeHook(), decorators: [] });
}

const storm = async (sandbox: ReturnType<typeof quiet>, name = 'my-app') => {
  const object = await sandbox.get(STORM_SERVICE, name);
  if (object === undefined) throw new Error(`no ${name}`);
  return object;
};

describe('apply', () => {
  it('creates with generation 1, updates the generation with the spec only, and keeps what others set', async () => {
    const sandbox = quiet();
    await sandbox.apply(stormService(3));
    expect((await storm(sandbox)).metadata.generation).toBe(1);
    await sandbox.annotate('my-app', 'theirs', 'x');
    expect((await storm(sandbox)).metadata.generation).toBe(1);
    await sandbox.apply(stormService(4));
    const after = await storm(sandbox);
    expect(after.metadata).toMatchObject({ generation: 2, annotations: { theirs: 'x' } });
    expect(after['spec']).toMatchObject({ replicas: 4 });
  });

  it('removes what was applied before and is not any more', async () => {
    const sandbox = quiet();
    const { template, ...rest } = stormService()['spec'] as JsonObject;
    await sandbox.apply({ ...stormService(), spec: { ...rest, template, minReadySeconds: 5, paused: true } });
    await sandbox.apply({ ...stormService(), spec: { ...rest, template, paused: true } });
    expect((await storm(sandbox))['spec']).toEqual({ ...rest, template, paused: true });
  });

  it('writes nothing when nothing changes', async () => {
    const sandbox = quiet();
    await sandbox.apply(stormService());
    const before = await storm(sandbox);
    await sandbox.apply(stormService());
    expect(await storm(sandbox)).toBe(before);
  });

  it('ignores status, and is refused what the API server refuses', async () => {
    const sandbox = quiet();
    await sandbox.apply({ ...stormService(), status: { phase: 'made up' } });
    expect((await storm(sandbox))['status']).toBeUndefined();
    const unknown = { ...stormService(), kind: 'Storm' };
    await expect(sandbox.apply(unknown)).rejects.toThrow(ApiError);
    const clusterWide: KubeObject = { ...stormService(), metadata: { name: 'x' } };
    await expect(sandbox.apply(clusterWide)).rejects.toThrow(/namespaced/);
  });

  it('passes the admission of the test', async () => {
    const admission = (object: KubeObject) => {
      if (object.kind === 'StormService' && object['spec'] === undefined)
        throw new ApiError('Invalid', 'spec is required');
      return object;
    };
    const sandbox = createSandbox({ hook: fakeHook(), admission });
    const { spec: _, ...without } = stormService();
    await expect(sandbox.apply(without as KubeObject)).rejects.toThrow('spec is required');
  });
});

describe('annotate, patch, scale, setImage, delete', () => {
  it('write under the names that kubectl uses, and say when', async () => {
    const sandbox = quiet();
    await sandbox.apply(stormService());
    await sandbox.advance(1);
    await sandbox.annotate('my-app', 'a', 'b');
    await sandbox.patch('my-app', { spec: { paused: true } });
    const { managedFields = [] } = (await storm(sandbox)).metadata;
    const times = Object.fromEntries(managedFields.map(({ manager, time }) => [manager, time]));
    expect(times).toMatchObject({
      'kubectl-annotate': '2026-01-01T00:00:01Z',
      'kubectl-patch': '2026-01-01T00:00:01Z',
    });
    await sandbox.annotate('my-app', 'a', null);
    expect((await storm(sandbox)).metadata.annotations).not.toHaveProperty('a');
  });

  it('setImage touches the container of that name, in every role', () => {
    const pod = (image: string) => ({
      spec: {
        containers: [
          { name: 'web', image },
          { name: 'proxy', image: 'p' },
        ],
      },
    });
    const roles = (image: string) => ({ spec: { roles: [{ template: pod(image) }, { template: pod(image) }] } });
    expect(withImage(pod('a'), 'web', 'b')).toEqual(pod('b'));
    expect(withImage(roles('a'), 'web', 'b')).toEqual(roles('b'));
  });

  it('name objects in other namespaces too', async () => {
    const sandbox = quiet();
    const elsewhere = stormService();
    await sandbox.apply({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'team' } });
    await sandbox.scale('team/my-app', 7);
    await sandbox.setImage('team/my-app', 'web', 'nginx:9');
    expect(JSON.stringify((await storm(sandbox, 'team/my-app'))['spec'])).toMatch(/"replicas":7.*nginx:9/);
    await sandbox.advance(10);
    expect(await sandbox.list(SERVICE, { app: 'my-app' }, 'team')).toHaveLength(1);
    expect(await sandbox.list(SERVICE)).toEqual([]);
    await sandbox.delete(STORM_SERVICE, 'team/my-app');
    expect(await sandbox.get(STORM_SERVICE, 'team/my-app')).toBeUndefined();
    await expect(sandbox.scale('team/my-app', 1)).rejects.toThrow(/not found/);
  });
});
