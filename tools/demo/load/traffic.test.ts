import { expect, it } from 'vitest';
import { readManifest } from '../manifest/manifest.js';
import { problemsOf } from '../outcome/summary.js';
import { toleratedFailures } from '../outcome/trafficSummary.js';
import { play } from '../scenarios/play.js';
import { scenarios } from '../scenarios/stories.js';
import { openStage } from '../stage.js';
import { PlainView } from '../view/plainView.js';

async function played(sample: string, speed: number) {
  const scenario = scenarios.find(each => each.sample === sample)!;
  const stage = await openStage(speed);
  const lines: string[] = [];
  try {
    const manifest = readManifest(`samples/rollout/${sample}`);
    const view = new PlainView(text => lines.push(text));
    // A machine that is busy takes long on the wall, and the cluster's clock runs with it.
    return { outcome: await play(stage, view, { ...scenario, patience: 1000 }, manifest), lines };
  } finally {
    await stage.close();
  }
}

it('clients send requests from when the first version serves, and every one is answered', {
  timeout: 30_000,
}, async () => {
  const { outcome, lines } = await played('blue-green.yaml', 50);
  expect(problemsOf([outcome])).toEqual([]);
  expect(outcome.requests?.total).toMatchObject({ failures: 0, byCode: { 200: outcome.requests?.total.requests } });
  expect(outcome.requests?.total.requests).toBeGreaterThan(100);
  expect(lines.some(line => /requests to new 100 % \(\d+\/s, 0 failed\)/.test(line))).toBe(true);
});

it('the telemetry decides: a good version is promoted, a version that returns errors is rolled back', {
  timeout: 60_000,
}, async () => {
  const { outcome, lines } = await played('canary-web-analysis.yaml', 20);
  expect(problemsOf([outcome])).toEqual([]);
  expect(toleratedFailures([outcome])).toHaveLength(1);
  const { total, chapters } = outcome.requests!;
  expect(Object.keys(total.byCode).sort()).toEqual(['200', '500']);
  expect(total.byCode['500']).toBe(total.failures);
  // All by the bad version while it had its weight, and none from the write on that took it back.
  const bad = chapters.at(-1)?.revision ?? '';
  expect(total.failuresByRevision).toEqual({ [bad]: total.failures });
  const back = chapters.filter(({ atMost }) => atMost === 0).filter(({ revision }) => revision === bad);
  expect(back.map(({ title }) => title)).toContain('rolled back');
  for (const { byCode, requests } of back) expect(byCode).toEqual({ 200: requests });
  const text = lines.join('');
  expect(text).toMatch(
    /\$ sed 's#http:\/\/telemetry.mesh:8080#http:\/\/127.0.0.1:\d+#' samples\S+ \| kubectl apply -f -/,
  );
  expect(text).toMatch(
    /answers Running 2 of 3 measured, last Successful: requests [1-9]\d*, failures 0, successRate 1/,
  );
  expect(text).toMatch(
    /answers Failed \d measured, last Failed: requests [1-9]\d*, failures [1-9]\d*, successRate 0 \(rolled back as soon as this was read\)/,
  );
});
