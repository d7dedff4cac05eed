import { describe, expect, it } from 'vitest';
import { SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { Cluster } from '../cluster/cluster.js';
import { KINDS } from '../cluster/kinds.js';
import { fateByImage, type Pod } from '../cluster/pod.js';
import { Kubelet } from '../controllers/kubelet.js';
import { seededRandom } from '../random.js';
import { VirtualClock } from '../time/virtualClock.js';
import { ControlPlane } from './controlPlane.js';

function source() {
  const clock = new VirtualClock();
  const cluster = new Cluster({ clock, random: seededRandom(1), kinds: KINDS });
  const kubelet = new Kubelet({ clock, fates: fateByImage(1), terminationSeconds: 5 });
  return { clock, cluster, kubelet };
}

const SERVICE_A: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'my-app', namespace: 'default' },
  spec: { selector: { revision: 'a' }, ports: [{ port: 80 }] },
};

function selecting(service: KubeObject, revision: string): KubeObject {
  return { ...service, spec: { ...(service['spec'] as object), selector: { revision } } };
}

const POD: Pod = {
  name: 'pod',
  namespace: 'default',
  replicaSet: 'set',
  replicaSetUid: 'uid',
  labels: {},
  spec: {},
  phase: 'Pending',
  ready: false,
  available: false,
  restarts: 0,
  annotations: {},
  createdAt: 0,
};

function selectorIn(view: ControlPlane): unknown {
  return (view.objects(SERVICE)[0]?.['spec'] as { readonly selector?: unknown } | undefined)?.selector;
}

describe('ControlPlane', () => {
  it('knows what was there before it, and hears of changes at once', () => {
    const { cluster, ...rest } = source();
    const stored = cluster.create(SERVICE_A, 'test');
    const view = new ControlPlane({ cluster, ...rest });
    expect(selectorIn(view)).toEqual({ revision: 'a' });
    cluster.update(selecting(stored, 'b'), 'test');
    expect(selectorIn(view)).toEqual({ revision: 'b' });
    cluster.remove(SERVICE, 'default/my-app', 'test');
    expect(view.objects(SERVICE)).toEqual([]);
  });

  it('hears of changes late, and never goes back to an older one', async () => {
    const { clock, cluster, kubelet } = source();
    const delays = [100, 5000, 1000];
    const view = new ControlPlane({ clock, cluster, kubelet }, () => delays.shift() ?? 0);
    const pass = (seconds: number) => clock.run(() => false, seconds * 1000);
    const first = cluster.create(SERVICE_A, 'test');
    expect(view.objects(SERVICE)).toEqual([]);
    await pass(0.1);
    const second = cluster.update(selecting(first, 'b'), 'test');
    cluster.update(selecting(second, 'c'), 'test');
    expect(selectorIn(view)).toEqual({ revision: 'a' });
    await pass(1);
    expect(selectorIn(view)).toEqual({ revision: 'c' });
    await pass(10);
    expect(selectorIn(view)).toEqual({ revision: 'c' });
  });

  it('forgets a pod that ends, which answers until it is gone', async () => {
    const { clock, cluster, kubelet } = source();
    const view = new ControlPlane({ clock, cluster, kubelet });
    kubelet.start(POD, 0);
    expect(view.pods('default')).toEqual([]);
    await clock.run(() => false, 1000);
    const [ready] = view.pods('default');
    expect(ready).toMatchObject({ name: 'pod', ready: true });
    kubelet.end(POD);
    expect(view.pods('default')).toEqual([]);
    expect(view.answers(POD)).toBe(true);
    await clock.run(() => false, 5000);
    expect(view.answers(POD)).toBe(false);
  });
});
