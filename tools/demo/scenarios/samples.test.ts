/** Whatever stands in samples/rollout can be given to the demo as a user's own file. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createHook } from '../../../src/hook/hook.js';
import { kindOf } from '../../../src/metacontroller/children.js';
import { keyOf } from '../../../src/sandbox/cluster/objectKey.js';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../../src/sandbox/time/virtualClock.js';
import { withStandIn } from '../load/standIn.js';
import { childKinds, clusterKinds } from '../manifest/fileKinds.js';
import { firstImage, withTag } from '../manifest/image.js';
import { type Manifest, readManifest } from '../manifest/manifest.js';
import { problemsOf } from '../outcome/summary.js';
import type { Stage } from '../stage.js';
import { PlainView } from '../view/plainView.js';
import { fileScenario } from './fileScenario.js';
import { play } from './play.js';
import type { Scenario } from './scenario.js';

function stageFor({ objects }: Manifest): Stage {
  const clock = new VirtualClock();
  const nobody = { measure: async () => new Map() };
  const fetcher = withStandIn(nobody, () => sandbox);
  const hook = createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now(), { fetcher, waitMs: 0 });
  const sandbox: Sandbox = createSandbox({
    hook,
    clock,
    kinds: clusterKinds(objects),
    childKinds: childKinds(objects),
  });
  return { sandbox, url: '', tickSeconds: 1, close: () => sandbox.close() };
}

it.each(readdirSync('samples/rollout'))(
  '%s is rolled out, with all that stands in it',
  {
    timeout: 60_000,
  },
  async sample => {
    const manifest = readManifest(`samples/rollout/${sample}`);
    const stage = stageFor(manifest);
    const outcome = await play(stage, new PlainView(() => {}), fileScenario(manifest), manifest);
    expect(problemsOf([outcome])).toEqual([]);
    for (const object of manifest.objects)
      expect(stage.sandbox.cluster.get(kindOf(object), keyOf(object))).toBeDefined();
  },
);

it.each(['canary-analysis.yaml', 'canary-datadog.yaml', 'auto-rollback-health-checks.yaml'])(
  '%s: analysis rolls back a version that returns errors',
  { timeout: 60_000 },
  async sample => {
    const manifest = readManifest(`samples/rollout/${sample}`);
    const outcome = await play(stageFor(manifest), new PlainView(() => {}), withErrors(manifest), manifest);
    expect(outcome.problem).toBeUndefined();
    expect(outcome.last?.status.abort?.reason).toMatch(/^(AnalysisFailed|HealthCheckFailed)$/);
  },
);

function withErrors(manifest: Manifest): Scenario {
  const image = firstImage(manifest.object) ?? '';
  return {
    ...fileScenario(manifest),
    play: async director => {
      await director.deploy();
      await director.change(image, withTag(image, 'errors'));
      await director.until('it is rolled back', ({ status }) => status.abort !== undefined);
    },
  };
}
