/** A route object whose name is that of somebody else's: it stays theirs, whichever way children are applied. */
import { describe, expect, it } from 'vitest';
import { conditionOf, rolloutOf } from '../world.js';
import { routed } from './routedWorld.js';
import { ROUTED, type RoutedCase } from './routers.js';

const named = (title: string): RoutedCase => {
  const found = ROUTED.find(router => router.title.includes(title));
  if (!found) throw new Error(title);
  return found;
};

describe.each(['dynamic-apply', 'server-side-apply'] as const)('with %s', applyStrategy => {
  it.each([
    ['VirtualService', named('istio'), 'networking.istio.io/v1'],
    ['HTTPRoute', named('gatewayAPI'), 'gateway.networking.k8s.io/v1'],
    ['HTTPProxy', named('HTTPProxy'), 'projectcontour.io/v1'],
  ])('%s', async (kind, router, apiVersion) => {
    const theirs = {
      apiVersion,
      kind,
      metadata: { name: 'my-app', namespace: 'default', labels: { team: 'theirs' } },
      spec: { theirs: true },
    };
    const { sandbox } = await routed({
      applyStrategy,
      router: { ...router, objects: [...(router.objects ?? []), theirs] },
    });
    await sandbox.advance(120);
    const [found] = await sandbox.list(`${kind}.${apiVersion}`);
    expect(found).toMatchObject({ metadata: { labels: { team: 'theirs' } }, spec: { theirs: true } });
    expect(found?.metadata.ownerReferences).toBeUndefined();
    expect((await conditionOf(sandbox, 'ReplicaFailure'))?.message).toContain(`${kind} my-app`);
    expect((await rolloutOf(sandbox)).phase).not.toBe('Healthy');
  });
});
