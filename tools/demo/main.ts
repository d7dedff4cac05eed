/** `npm run demo`: see options.ts. Exits with 0 if every rollout ended as expected. */
import { resolve } from 'node:path';
import { KEYS, playByHand } from './interactive.js';
import { BadFile, type Manifest, readManifest } from './manifest/manifest.js';
import { type Options, readOptions } from './options.js';
import { isAsExpected, type Outcome } from './outcome/outcome.js';
import { problemsOf, summaryTable } from './outcome/summary.js';
import { toleratedFailures, trafficTable } from './outcome/trafficSummary.js';
import { fileScenario } from './scenarios/fileScenario.js';
import { play } from './scenarios/play.js';
import type { Scenario } from './scenarios/scenario.js';
import { scenarios } from './scenarios/stories.js';
import { openStage, type Stage } from './stage.js';
import { coloured, plain } from './text/colors.js';
import { LiveView } from './view/liveView.js';
import { PlainView } from './view/plainView.js';
import type { View } from './view/view.js';

type Part = readonly [Scenario, Manifest];

const SAMPLES = 'samples/rollout';

const options = readOptions(process.argv);
const { stdin, stdout } = process;

try {
  process.exitCode = options.interactive ? await byHand() : await byItself();
} catch (error) {
  if (!(error instanceof BadFile)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function byItself(): Promise<number> {
  const parts = partsOf(options);
  const manifests = parts.map(([, manifest]) => manifest);
  const outcomes = await onStage(
    viewOf(manifests.map(({ object }) => object.metadata.name)),
    manifests,
    async (stage, view) => {
      const played: Outcome[] = [];
      for (const [scenario, manifest] of parts) played.push(await play(stage, view, scenario, manifest));
      return played;
    },
  );
  const colors = stdout.isTTY ? coloured : plain;
  stdout.write(`\n${summaryTable(outcomes, colors)}\n`);
  const requests = trafficTable(outcomes, colors);
  if (requests !== '') stdout.write(`${requests}\n`);
  for (const sentence of toleratedFailures(outcomes)) stdout.write(`${sentence}\n`);
  if (options.file === undefined) stdout.write('Try it yourself: npm run demo -- --interactive\n');
  for (const problem of problemsOf(outcomes)) process.stderr.write(`${problem}\n`);
  return outcomes.every(isAsExpected) ? 0 : 1;
}

async function byHand(): Promise<number> {
  if (!stdin.isTTY || !stdout.isTTY) throw new BadFile('--interactive requires a terminal');
  const manifest = options.file === undefined ? sample('canary-basic.yaml') : userFile(options.file);
  await onStage(viewOf([manifest.object.metadata.name], KEYS), [manifest], (stage, view) =>
    playByHand(stage, view, manifest, stdin),
  );
  return 0;
}

async function onStage<Result>(
  view: View,
  manifests: readonly Manifest[],
  task: (stage: Stage, view: View) => Promise<Result>,
): Promise<Result> {
  const stage = await openStage(
    options.speed,
    manifests.flatMap(({ objects }) => objects),
  );
  try {
    return await task(stage, view);
  } finally {
    view.close();
    await stage.close();
  }
}

function partsOf({ file }: Options): readonly Part[] {
  if (file === undefined) return scenarios.map(scenario => [scenario, sample(scenario.sample)]);
  const manifest = userFile(file);
  return [[fileScenario(manifest), manifest]];
}

function viewOf(chapters: readonly string[], keys?: string): View {
  if (options.plain || !stdout.isTTY) return new PlainView(text => stdout.write(text));
  const { speed } = options;
  return new LiveView({ stream: stdout, colors: coloured, speed, chapters, ...(keys !== undefined && { keys }) });
}

function sample(name: string): Manifest {
  return readManifest(`${SAMPLES}/${name}`);
}

/** npm runs the demo in the root of the project; paths are relative to the user's directory. */
function userFile(file: string): Manifest {
  return readManifest(resolve(process.env['INIT_CWD'] ?? '.', file), file);
}
