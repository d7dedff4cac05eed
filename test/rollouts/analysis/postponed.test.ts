/** Measurements that are not made because of limits of the hook: nobody's error. */
import { expect, it } from 'vitest';
import { annotate, podsByImage, rolloutOf, untilPhase } from '../world.js';
import { Postponed, rollOut, untilPromoted } from './measured.js';
import { metric, several } from './metrics.js';
import { abortOf, runsOf } from './runs.js';

const around = (analysis: ReturnType<typeof metric>) => [{ setWeight: 20 }, { analysis: { metrics: [analysis] } }];
const busy = () => new Postponed('too many queries are in progress, in this namespace or overall');

it('are made later: the rollout waits, says why, and ends as without it', async () => {
  const { sandbox, answer, asked } = await rollOut({ canary: { steps: around(several('m', 3)) } }, busy);
  await sandbox.eventually('it is asked often', async () => asked.length > 20);
  expect(await abortOf(sandbox)).toBeUndefined();
  expect((await rolloutOf(sandbox)).message).toBe(
    'waiting for the step analysis: 0 of 1 metrics done, 0 measurements; metric "m" not measured yet: too many queries are in progress, in this namespace or overall',
  );
  expect((await runsOf(sandbox))[0]).toMatchObject({
    phase: 'Running',
    metrics: [{ phase: 'Running', measurements: [], message: expect.stringMatching(/^not measured yet: too many/) }],
  });
  answer(() => 1);
  await untilPromoted(sandbox, 'app:2');
  const [run] = await runsOf(sandbox);
  expect(run).toMatchObject({ phase: 'Successful', metrics: [{ successful: 3 }] });
  expect(run?.metrics[0]).not.toHaveProperty('error');
});

it('for ten minutes are left to a person, and are no error of the metric', async () => {
  const { sandbox } = await rollOut({ canary: { steps: around(metric('m')) } }, busy);
  await untilPhase(sandbox, 'Paused', 700);
  expect(await rolloutOf(sandbox)).toMatchObject({
    pause: { reason: 'InconclusiveAnalysis' },
    message: expect.stringContaining('metric "m" Inconclusive: not measured for 600 s: too many queries'),
  });
  expect(await podsByImage(sandbox)).toEqual({ 'app:1': 4, 'app:2': 1 });
  await annotate(sandbox, 'approve', 'true');
  await untilPromoted(sandbox, 'app:2');
});

it('in background: health and promotion do not suffer', async () => {
  const strategy = {
    canary: { analysis: { metrics: [metric('m', { interval: '10s' })] }, steps: [{ setWeight: 50 }] },
  };
  const { sandbox, answer } = await rollOut(strategy, busy);
  await sandbox.advance(120);
  expect(await abortOf(sandbox)).toBeUndefined();
  answer(() => 1);
  await untilPhase(sandbox, 'Healthy');
});
