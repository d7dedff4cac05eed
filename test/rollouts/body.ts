import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import type { TestCluster } from '../../src/sandbox/testCluster.js';
import {
  annotate,
  conditionOf,
  handledOf,
  podsByImage,
  rolloutOf,
  stormService,
  untilPhase,
  untilStep,
} from './world.js';

const INGRESS = 'Ingress.networking.k8s.io/v1';
const ROUTE = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  spec: { defaultBackend: { service: { name: 'my-app-stable', port: { number: 8080 } } } },
};
const ROUTING = {
  template: [{ object: { ...ROUTE, metadata: { annotations: { weight: '$(canaryWeight)' } } } }],
};

/** What `testRollouts` needs beside the kinds of every StormService. */
export const ROUTE_KINDS = [INGRESS];

const REPLICA_SET = 'ReplicaSet.apps/v1';
const GATES = [{ setWeight: 20 }, { pause: true }, { setWeight: 60 }, { pause: { duration: '3s' } }];

/**
 * Whole rollouts on any cluster: what people do and what they then see, by the API alone. Seconds are real ones on a
 * real control plane, so waits are short. `open` gives a cluster without StormServices.
 */
export function testRollouts(on: string, open: () => Promise<TestCluster>): void {
  describe(on, () => {
    let cluster: TestCluster;
    beforeEach(async () => {
      cluster = await open();
    });
    afterEach(() => cluster.close());

    async function healthy(spec: object): Promise<void> {
      await cluster.apply(stormService({ ...spec }));
      await untilPhase(cluster, 'Healthy', 60);
    }

    const imagesBehind = async (service: string) => {
      const revisions = (await cluster.endpoints(service)).map(
        ({ labels }) => labels['orchestration.aibrix.io/revision'],
      );
      return new Set(revisions);
    };

    it('canary: weight, gate, approval, timed pause, done', async () => {
      await healthy({ replicas: 5, rolloutStrategy: { canary: { steps: GATES } } });
      const { stableRevision: first } = await rolloutOf(cluster);
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      expect(await podsByImage(cluster)).toEqual({ 'app:1': 4, 'app:2': 1 });
      await cluster.always('the gate', async () => (await podsByImage(cluster))['app:2'] === 1, 5);
      const { updatedRevision: second } = await rolloutOf(cluster);
      await annotate(cluster, 'approve', `${second}:1`);
      await untilStep(cluster, 3, 60);
      expect(await podsByImage(cluster)).toEqual({ 'app:1': 2, 'app:2': 3 });
      await untilPhase(cluster, 'Healthy', 60);
      expect(await podsByImage(cluster)).toEqual({ 'app:2': 5 });
      expect(await rolloutOf(cluster)).toMatchObject({ stableRevision: second, step: '4/4 done' });
      expect(first).not.toBe(second);
      // Scaled to none, old pods still need a moment to go.
      await cluster.eventually('the old pods go', async () => (await imagesBehind('my-app')).size === 1, 30);
      expect(await imagesBehind('my-app')).toEqual(new Set([second]));
    });

    it('an approval is used once and taken away', async () => {
      await healthy({
        replicas: 4,
        rolloutStrategy: { canary: { steps: [{ setWeight: 25 }, { pause: true }, { pause: {} }] } },
      });
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilStep(cluster, 1, 60);
      await untilPhase(cluster, 'Paused', 60);
      await annotate(cluster, 'approve', 'true');
      await untilStep(cluster, 2, 60);
      await cluster.eventually(
        'the annotation is gone',
        async () => {
          const { annotations = {} } = (await cluster.get(STORM_SERVICE, 'my-app'))?.metadata ?? {};
          return annotations['aibrix.io/rollout-approve'] === undefined;
        },
        30,
      );
      await cluster.always('the second gate', async () => (await rolloutOf(cluster)).currentStepIndex === 2, 5);
      expect(await handledOf(cluster, 'approve')).toMatchObject({
        effect: expect.stringContaining('passed step 2 of 3'),
      });
    });

    it('abort goes back and stays, retry starts again', async () => {
      await healthy({ replicas: 4, rolloutStrategy: { canary: { steps: GATES } } });
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      await annotate(cluster, 'abort', 'true');
      await untilPhase(cluster, 'Degraded', 60);
      await cluster.eventually('stable is whole', async () => (await podsByImage(cluster))['app:1'] === 4, 60);
      await cluster.always('nothing new', async () => (await podsByImage(cluster))['app:2'] === undefined, 3);
      await annotate(cluster, 'retry', 'true');
      await untilPhase(cluster, 'Paused', 60);
      expect(await rolloutOf(cluster)).toMatchObject({ currentStepIndex: 1 });
    });

    it('blue-green: preview, approval, switch of all at once, old pods later', async () => {
      const blueGreen = { autoPromotionEnabled: false, scaleDownDelaySeconds: 3 };
      await healthy({ replicas: 3, rolloutStrategy: { blueGreen } });
      const { stableRevision: first } = await rolloutOf(cluster);
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      const { updatedRevision: second } = await rolloutOf(cluster);
      expect(await imagesBehind('my-app-active')).toEqual(new Set([first]));
      expect(await imagesBehind('my-app-preview')).toEqual(new Set([second]));
      await annotate(cluster, 'approve', 'true');
      await cluster.always(
        'active serves one revision',
        async () => (await imagesBehind('my-app-active')).size === 1,
        2,
      );
      await untilPhase(cluster, 'Healthy', 60);
      expect(await imagesBehind('my-app-active')).toEqual(new Set([second]));
      await cluster.eventually('old pods go', async () => (await podsByImage(cluster))['app:1'] === undefined, 60);
    });

    it('metadata of the canary ends with its promotion, and the pods stay', async () => {
      const canary = {
        steps: [{ setWeight: 50 }, { pause: true }],
        canaryMetadata: { labels: { role: 'canary' }, annotations: { since: 'now' } },
      };
      await healthy({ replicas: 2, rolloutStrategy: { canary } });
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      const { updatedRevision } = await rolloutOf(cluster);
      const newPods = async () => {
        const set = await cluster.get(REPLICA_SET, `my-app-${updatedRevision}`);
        const { template } = set!['spec'] as { template: { metadata: KubeObject['metadata'] } };
        return template.metadata;
      };
      expect(await newPods()).toMatchObject({ labels: { role: 'canary' }, annotations: { since: 'now' } });
      const [first] = await cluster.pods({ 'orchestration.aibrix.io/revision': String(updatedRevision) });
      await annotate(cluster, 'approve', 'true');
      await untilPhase(cluster, 'Healthy', 60);
      const { labels, annotations = {} } = await newPods();
      expect(labels).toMatchObject({ app: 'my-app', 'orchestration.aibrix.io/revision': updatedRevision });
      expect(labels).not.toHaveProperty('role');
      expect(annotations).toEqual({});
      const ofRevision = () => cluster.pods({ 'orchestration.aibrix.io/revision': String(updatedRevision) });
      await cluster.eventually(
        'running pods are relabelled',
        async () => (await ofRevision()).every(pod => pod.labels['role'] === undefined),
        30,
      );
      expect((await ofRevision()).map(({ name }) => name)).toContain(first?.name);
      expect((await ofRevision()).map(pod => pod.labels['app'])).toEqual(['my-app', 'my-app']);
    });

    it('spec.replicas scales both sides at the gate', async () => {
      await healthy({ replicas: 4, rolloutStrategy: { canary: { steps: [{ setWeight: 50 }, { pause: true }] } } });
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      await cluster.scale('my-app', 8);
      await cluster.eventually(
        'four each',
        async () => {
          const pods = await podsByImage(cluster);
          return pods['app:1'] === 4 && pods['app:2'] === 4;
        },
        60,
      );
      expect(await rolloutOf(cluster)).toMatchObject({ currentStepIndex: 1 });
    });

    it('pods that never get ready stop it where it is', async () => {
      await healthy({
        replicas: 4,
        progressDeadlineSeconds: 4,
        progressDeadlineAbort: true,
        rolloutStrategy: { canary: { steps: GATES } },
      });
      await cluster.setImage('my-app', 'web', 'app:bad');
      await untilPhase(cluster, 'Degraded', 60);
      await cluster.eventually('stable is whole', async () => (await podsByImage(cluster))['app:1'] === 4, 60);
      expect((await rolloutOf(cluster))['abort']).toMatchObject({ reason: 'ProgressDeadlineExceeded' });
    });

    it('an invalid spec changes no pod and says what to fix', async () => {
      await healthy({ replicas: 2, rolloutStrategy: { canary: {} } });
      const before = (await cluster.pods()).map(({ name }) => name).sort();
      // Pod templates are open in the schema: only the hook knows their ports.
      await cluster.patch('my-app', { spec: { service: { ports: [{ port: 80, targetPort: 'grpc' }] } } });
      await untilPhase(cluster, 'Degraded', 60);
      const message = (await conditionOf(cluster, 'InvalidSpec'))?.message;
      expect(message).toContain('spec.service.ports[0].targetPort');
      await cluster.always(
        'the same pods',
        async () => String((await cluster.pods()).map(({ name }) => name).sort()) === String(before),
        3,
      );
      await cluster.patch('my-app', { spec: { service: null } });
      await untilPhase(cluster, 'Healthy', 60);
    });

    it('a stable ReplicaSet that somebody deletes is rebuilt', async () => {
      await healthy({ replicas: 4, rolloutStrategy: { canary: { steps: [{ setWeight: 50 }, { pause: true }] } } });
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      const { stableRevision } = await rolloutOf(cluster);
      const uid = (await cluster.get(REPLICA_SET, `my-app-${stableRevision}`))?.metadata.uid;
      await cluster.delete(REPLICA_SET, `my-app-${stableRevision}`);
      await cluster.eventually(
        'another of the same name',
        async () => {
          const found = await cluster.get(REPLICA_SET, `my-app-${stableRevision}`);
          return found !== undefined && found.metadata.uid !== uid;
        },
        60,
      );
      await cluster.eventually('its pods', async () => (await podsByImage(cluster))['app:1'] === 2, 60);
    });

    it('a route: the weight follows and is read back', async () => {
      await healthy({ replicas: 5, rolloutStrategy: { canary: { steps: GATES, trafficRouting: ROUTING } } });
      await cluster.setImage('my-app', 'web', 'app:2');
      await untilPhase(cluster, 'Paused', 60);
      expect((await cluster.get(INGRESS, 'my-app'))?.metadata.annotations).toMatchObject({ weight: '20' });
      expect(await rolloutOf(cluster)).toMatchObject({ canaryWeight: 20, observedWeight: 20 });
      await annotate(cluster, 'abort', 'true');
      await untilPhase(cluster, 'Degraded', 60);
      expect((await cluster.get(INGRESS, 'my-app'))?.metadata.annotations).toMatchObject({ weight: '0' });
    });

    it("a route with the name of somebody else's object stays theirs", async () => {
      const theirs = {
        ...ROUTE,
        metadata: { name: 'my-app', namespace: 'default', annotations: { weight: 'theirs' } },
      };
      await cluster.apply(theirs);
      await cluster.apply(stormService({ replicas: 1, rolloutStrategy: { canary: { trafficRouting: ROUTING } } }));
      await cluster.eventually(
        'it is reported',
        async () => (await conditionOf(cluster, 'ReplicaFailure'))?.message?.includes('Ingress my-app') === true,
        60,
      );
      const { metadata } = (await cluster.get(INGRESS, 'my-app'))!;
      expect(metadata.annotations).toMatchObject({ weight: 'theirs' });
      expect(metadata.ownerReferences).toBeUndefined();
      await cluster.delete(INGRESS, 'my-app');
      await untilPhase(cluster, 'Healthy', 60);
    });

    it('deleting it deletes its children and pods', async () => {
      await healthy({ replicas: 2 });
      await cluster.delete(STORM_SERVICE, 'my-app');
      await cluster.eventually('no pods', async () => (await cluster.pods()).length === 0, 60);
      expect(await cluster.list(REPLICA_SET)).toEqual([]);
    });
  });
}
