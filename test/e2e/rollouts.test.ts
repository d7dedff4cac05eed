import { afterAll, beforeAll, describe } from 'vitest';
import type { TestCluster } from '../../src/sandbox/testCluster.js';
import { testRollouts } from '../rollouts/body.js';
import { type ControlPlane, startControlPlane } from './controlPlane.js';
import { startFakeKubelet } from './fakeKubelet.js';
import { startMetacontroller } from './metacontroller.js';
import { objectsOf } from './objects.js';
import { realCluster } from './realCluster.js';
import { findBinaries } from './requirements.js';

const binaries = findBinaries();

describe.skipIf(!binaries)('on a real control plane', () => {
  let plane: ControlPlane;
  let kubelet: { stop(): Promise<void> };

  beforeAll(async () => {
    if (!binaries) return;
    plane = await startControlPlane(binaries);
    kubelet = startFakeKubelet(plane.api);
  });
  afterAll(async () => {
    await kubelet?.stop();
    await plane?.stop();
  });

  describe.each(['dynamic-apply', 'server-side-apply'] as const)('Metacontroller with %s', applyStrategy => {
    let cluster: TestCluster;
    let metacontroller: { stop(): Promise<void> };

    beforeAll(async () => {
      if (!binaries) return;
      const objects = objectsOf(plane.api);
      metacontroller = await startMetacontroller(plane, objects, binaries.metacontroller, applyStrategy);
      cluster = realCluster(objects);
    });
    afterAll(() => metacontroller?.stop());

    testRollouts('rolls out', async () => cluster);
  });
});
