/** Conditions that take long on large results: no sync judges more than a few, and all are judged in the end. */
import { expect, it } from 'vitest';
import { rollOut, untilPromoted } from './measured.js';
import { metric } from './metrics.js';
import { runsOf } from './runs.js';

it('are judged over several syncs, each once', async () => {
  const successCondition = Array.from({ length: 8 }, (_, index) => `result.all(x, x > ${index})`).join(' && ');
  const metrics = Array.from({ length: 12 }, (_, index) => ({
    ...metric(`m${index}`, { successCondition }),
    failureCondition: 'size(result) == 0',
  }));
  const steps = [{ setWeight: 20 }, { analysis: { metrics } }];
  const large = Array.from({ length: 19_000 }, () => 9);
  const { sandbox, asked } = await rollOut({ canary: { steps } }, () => large);
  await sandbox.eventually('it is asked', async () => asked.length === 12);
  const syncs = sandbox.metacontroller.syncs;
  await untilPromoted(sandbox, 'app:2');
  expect(sandbox.metacontroller.syncs - syncs).toBeGreaterThan(12);
  const [run] = await runsOf(sandbox);
  expect(run).toMatchObject({ phase: 'Successful' });
  expect(run?.metrics.map(({ successful }) => successful)).toEqual(Array(12).fill(1));
  expect(asked).toHaveLength(12);
});
