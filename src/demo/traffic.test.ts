import { expect, it } from 'vitest';
import { readManifest } from './manifest.js';
import { PlainView } from './plainView.js';
import { play } from './play.js';
import { scenarios } from './scenario.js';
import { openStage } from './stage.js';
import { problemsOf } from './summary.js';

it('clients send requests from when the first version serves, and every one is answered', {
  timeout: 30_000,
}, async () => {
  const scenario = scenarios.find(({ sample }) => sample === 'blue-green.yaml')!;
  const stage = await openStage(50);
  const lines: string[] = [];
  try {
    const manifest = readManifest(`samples/rollout/${scenario.sample}`);
    const outcome = await play(stage, new PlainView(text => lines.push(text)), scenario, manifest);
    expect(problemsOf([outcome])).toEqual([]);
    expect(outcome.requests?.total).toMatchObject({ failures: 0, byCode: { 200: outcome.requests?.total.requests } });
    expect(outcome.requests?.total.requests).toBeGreaterThan(100);
    expect(lines.some(line => /requests to new 100 % \(\d+\/s, 0 failed\)/.test(line))).toBe(true);
  } finally {
    await stage.close();
  }
});
