import { describe, expect, it } from 'vitest';
import { createHook } from '../../../src/hook/hook.js';
import type { Analysis } from '../../../src/hook/measure.js';
import type { Hook } from '../../../src/metacontroller/hook.js';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../../src/sandbox/time/virtualClock.js';
import { APPROVE_ANNOTATION, REVISION_LABEL } from '../../../src/schema/names.js';
import { CHILD_KINDS } from '../manifest/fileKinds.js';
import { readManifest } from '../manifest/manifest.js';
import { isAsExpected } from '../outcome/outcome.js';
import { problemsOf } from '../outcome/summary.js';
import type { Stage } from '../stage.js';
import { PlainView } from '../view/plainView.js';
import { fileScenario } from './fileScenario.js';
import { play } from './play.js';
import { scenarios } from './stories.js';

/** The stage of the demo in virtual time, without HTTP. */
function stage(change: (hook: Hook) => Hook = hook => hook): Stage {
  const clock = new VirtualClock();
  const analysis = telemetryOf(() => sandbox);
  const hook = change(createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now(), analysis));
  const sandbox = createSandbox({ hook, clock, childKinds: CHILD_KINDS });
  return { sandbox, url: '', tickSeconds: 1, close: () => sandbox.close() };
}

/** As if the pods of each revision had answered a hundred requests. */
function telemetryOf(sandbox: () => Sandbox): Analysis {
  return {
    waitMs: 0,
    fetcher: {
      measure: async (requests, { now: at }) => {
        const pods = await sandbox().pods();
        const results = requests.map(({ key, provider }) => {
          const { url = '' } = (provider['web'] ?? {}) as { readonly url?: string };
          const asked = pods.filter(({ labels }) => url.includes(labels[REVISION_LABEL] ?? 'no revision'));
          const failures = JSON.stringify(asked).includes(':errors"') ? 100 : 0;
          const value = { requests: 100, failures, successRate: 1 - failures / 100 };
          return [key, { key, at, outcome: 'value', value }] as const;
        });
        return new Map(results);
      },
    },
  };
}

function written() {
  const lines: string[] = [];
  return { lines, view: new PlainView(text => lines.push(text)) };
}

describe('play', () => {
  it.each(scenarios)('$title ends as expected', async scenario => {
    const { lines, view } = written();
    const outcome = await play(stage(), view, scenario, readManifest(`samples/rollout/${scenario.sample}`));
    expect(problemsOf([outcome])).toEqual([]);
    expect(lines.join('')).toContain(`${scenario.expected.phase}, as expected`);
    // The commands are in the output, ready to be copied; with analysis there is none.
    const typed = lines.filter(line => line.startsWith('$ kubectl annotate stormservice'));
    expect(typed.length > 0).toBe(scenario.sample !== 'canary-web-analysis.yaml');
  });

  it('reports a gate that does not hold', async () => {
    const [scenario] = scenarios;
    let calls = 0;
    const approvesItself = (hook: Hook): Hook => ({
      ...hook,
      sync: request => {
        const { metadata } = request.parent;
        const annotations = { ...metadata.annotations, [APPROVE_ANNOTATION]: `call ${calls++}` };
        return hook.sync({ ...request, parent: { ...request.parent, metadata: { ...metadata, annotations } } });
      },
    });
    const { view } = written();
    const manifest = readManifest(`samples/rollout/${scenario!.sample}`);
    const outcome = await play(stage(approvesItself), view, scenario!, manifest);
    expect(isAsExpected(outcome)).toBe(false);
    expect(problemsOf([outcome])[0]).toMatch(/canary-basic.yaml: it (waits at the gate|progressed)/);
  });

  it('reports a rollout that never starts', async () => {
    const [scenario] = scenarios;
    const dead = (hook: Hook): Hook => ({ ...hook, sync: () => Promise.reject(new Error('is down')) });
    const outcome = await play(
      stage(dead),
      written().view,
      scenario!,
      readManifest(`samples/rollout/${scenario!.sample}`),
    );
    expect(isAsExpected(outcome)).toBe(false);
    expect(outcome.problem).toContain('the first version is Healthy: not reached within 400 s');
  });
});

describe('fileScenario', () => {
  it.each(['rolling-update', 'canary-basic', 'canary-by-duration', 'blue-green', 'multi-role'])(
    'rolls out a second version of %s through all gates',
    async name => {
      const manifest = readManifest(`samples/rollout/${name}.yaml`);
      const outcome = await play(stage(), written().view, fileScenario(manifest), manifest);
      expect(problemsOf([outcome])).toEqual([]);
      const [stable] = outcome.last?.revisions ?? [];
      expect(stable).toMatchObject({ rank: 'stable', image: expect.stringMatching(/:(6.9.1|v0.10.1)$/) });
    },
  );
});
