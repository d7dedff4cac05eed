import { Traffic } from '../load/traffic.js';
import type { Manifest } from '../manifest/manifest.js';
import { withTelemetryOf } from '../manifest/telemetryAddress.js';
import type { Outcome } from '../outcome/outcome.js';
import type { Stage } from '../stage.js';
import type { View } from '../view/view.js';
import { Director, UnexpectedRollout } from './director.js';
import type { Scenario } from './scenario.js';

/** Plays one scenario to its end, expected or not. */
export async function play(stage: Stage, view: View, scenario: Scenario, written: Manifest): Promise<Outcome> {
  const manifest = withTelemetryOf(stage, written);
  const { clock } = stage.sandbox;
  const start = clock.now();
  const traffic = Traffic.towards(stage, manifest.object);
  const director = new Director(stage, view, manifest, scenario.patience, traffic);
  view.begin(scenario);
  const stop = director.follow();
  const problem = await problemOf(() => scenario.play(director));
  stop();
  const last = await director.picture();
  const requests = await traffic?.end();
  const outcome: Outcome = {
    name: director.name,
    file: manifest.file,
    expected: scenario.expected,
    tolerated: scenario.tolerated ?? 'none',
    seconds: (clock.now() - start) / 1000,
    ...(last && { last }),
    ...(requests && { requests }),
    ...(problem !== undefined && { problem }),
  };
  view.end(outcome);
  return outcome;
}

async function problemOf(task: () => Promise<void>): Promise<string | undefined> {
  try {
    await task();
    return undefined;
  } catch (error) {
    if (error instanceof UnexpectedRollout) return error.message;
    throw error;
  }
}
