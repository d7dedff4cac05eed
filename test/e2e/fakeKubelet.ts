import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { type ApiServer, isNotFound } from './apiServer.js';

const POLL_MS = 200;
const PODS = '/api/v1/namespaces/default/pods';

/**
 * Stands in for nodes: marks every pod ready, but those of an image tagged `bad`. A pod without a node ends as soon as
 * it is deleted, so nothing is left to do for that.
 */
export function startFakeKubelet(api: ApiServer): { stop(): Promise<void> } {
  let stopped = false;
  let marked = 0;
  const work = (async () => {
    while (!stopped) {
      const { items } = (await api.send('GET', PODS)) as { items: readonly KubeObject[] };
      for (const pod of items.filter(shallGetReady)) {
        marked += 1;
        await markReady(api, pod, `10.1.${(marked >> 8) & 255}.${marked & 255}`);
      }
      await sleep(POLL_MS);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await work;
    },
  };
}

function shallGetReady({ metadata, ...pod }: KubeObject): boolean {
  const { conditions = [] } = pod['status'] as { conditions?: readonly { type: string; status: string }[] };
  const { containers } = pod['spec'] as { containers: readonly { image: string }[] };
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const isBad = containers.some(({ image }) => image.endsWith(':bad'));
  return !isReady && !isBad && metadata.deletionTimestamp === undefined;
}

async function markReady(api: ApiServer, { metadata }: KubeObject, podIP: string): Promise<void> {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const conditions = ['Initialized', 'ContainersReady', 'Ready', 'PodScheduled'].map(type => ({
    type,
    status: 'True',
    lastTransitionTime: now,
  }));
  const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], startTime: now, conditions };
  try {
    await api.send('PATCH', `${PODS}/${metadata.name}/status`, { status }, 'application/strategic-merge-patch+json');
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
