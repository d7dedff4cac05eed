/** A sandbox whose measurements are answered by a script: of the metric, the revision and the time. */
import type { MeasurementRequest, MeasurementResult } from '../../../src/analysis/measurement.js';
import { createHook } from '../../../src/hook.js';
import type { Instant } from '../../../src/instant.js';
import type { Hook } from '../../../src/metacontroller/hook.js';
import type { Json, JsonObject } from '../../../src/metacontroller/object.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../../src/sandbox/virtualClock.js';
import { podsByImage, rolloutOf, statusOf, stormService, untilPhase } from '../world.js';

export interface Question {
  readonly metric: string;
  readonly kind: string;
  readonly revision: string;
  readonly now: Instant;
  readonly dueAt: Instant;
  readonly provider: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly key: string;
}

/** A value, an Error of the metrics system, or undefined while it is still under way. */
export type Answers = (question: Question) => Json | Error | undefined;

export interface Measured {
  readonly sandbox: Sandbox;
  /** Questions in the order in which they were first put to a hook; a restarted hook is another one. */
  readonly asked: readonly Question[];
  answer(answers: Answers): void;
}

export interface MeasuredOptions extends Partial<Omit<SandboxOptions, 'hook' | 'clock' | 'restartHook'>> {
  /** Hooks side by side, which are called in turns. */
  readonly replicas?: number;
}

export function measured(answers: Answers, options: MeasuredOptions = {}): Measured {
  const { replicas = 1, ...sandboxOptions } = options;
  const clock = new VirtualClock();
  const asked: Question[] = [];
  let script = answers;
  const start = () => oneOf(Array.from({ length: replicas }, () => hookOf(clock, question => script(question), asked)));
  return {
    sandbox: createSandbox({ hook: start(), restartHook: start, clock, ...sandboxOptions }),
    asked,
    answer: next => {
      script = next;
    },
  };
}

/** The same with a StormService whose first revision is Healthy. */
export async function measuredHealthy(
  spec: JsonObject,
  answers: Answers,
  options?: MeasuredOptions,
): Promise<Measured> {
  const world = measured(answers, options);
  await world.sandbox.apply(stormService(spec));
  await untilPhase(world.sandbox, 'Healthy');
  return world;
}

/** Answers are kept by key, as the fetcher keeps them: a sync that is repeated gets the same. */
function hookOf(clock: VirtualClock, answers: Answers, asked: Question[]): Hook {
  const kept = new Map<string, MeasurementResult>();
  const put = new Set<string>();
  const answer = (request: MeasurementRequest): MeasurementResult | undefined => {
    const question = questionOf(request, clock.now());
    if (!put.has(request.key)) asked.push(question);
    put.add(request.key);
    const known = kept.get(request.key);
    if (known) return known;
    const value = answers(question);
    if (value === undefined) return undefined;
    const head = { key: request.key, at: clock.now() };
    const result: MeasurementResult =
      value instanceof Error
        ? { ...head, outcome: 'error', message: value.message }
        : { ...head, outcome: 'value', value };
    kept.set(request.key, result);
    return result;
  };
  const fetcher = {
    measure: async (requests: readonly MeasurementRequest[]) => {
      const results = requests.map(answer).filter(result => result !== undefined);
      return new Map(results.map(result => [result.key, result]));
    },
  };
  return createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now(), { fetcher, waitMs: 1000 });
}

function questionOf({ key, metric, dueAt, provider, secrets }: MeasurementRequest, now: Instant): Question {
  const [kind = '', revision = ''] = key.split('/')[1]?.split('-') ?? [];
  return { metric, kind, revision, now, dueAt, provider, secrets, key };
}

function oneOf(hooks: readonly Hook[]): Hook {
  let calls = 0;
  const next = (): Hook => hooks[calls++ % hooks.length] as Hook;
  return {
    sync: request => next().sync(request),
    customize: request => next().customize(request),
    decorate: request => next().decorate(request),
  };
}

export interface RunView {
  readonly kind: string;
  readonly revision: string;
  readonly step?: number;
  readonly phase: string;
  readonly message?: string;
  readonly past?: true;
  readonly approved?: true;
  readonly metrics: readonly (Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly phase: string;
    readonly measurements: readonly { readonly at: string; readonly phase: string; readonly value?: string }[];
  })[];
}

export async function runsOf(sandbox: Sandbox): Promise<readonly RunView[]> {
  const { analysisRuns = [] } = (await statusOf(sandbox)) as { analysisRuns?: readonly RunView[] };
  return analysisRuns;
}

/** Runs of the present rollout, as `kind phase`. */
export async function presentRuns(sandbox: Sandbox): Promise<readonly string[]> {
  return (await runsOf(sandbox)).filter(({ past }) => !past).map(({ kind, phase }) => `${kind} ${phase}`);
}

/** The image runs as the stable revision, and nothing is left to do. */
export function untilPromoted(sandbox: Sandbox, image: string, withinSeconds = 300): Promise<void> {
  return sandbox.eventually(
    `${image} is promoted`,
    async () => {
      const { phase, stableRevision, updatedRevision } = await rolloutOf(sandbox);
      const there = ((await podsByImage(sandbox))[image] ?? 0) > 0;
      return there && phase === 'Healthy' && stableRevision === updatedRevision;
    },
    withinSeconds,
  );
}

export function abortOf(sandbox: Sandbox): Promise<Readonly<Record<string, unknown>> | undefined> {
  return rolloutOf(sandbox).then(({ abort }) => abort as Readonly<Record<string, unknown>> | undefined);
}

export function prometheus(query: string): JsonObject {
  return { prometheus: { address: 'http://prometheus:9090', query } };
}

/** Measured once; 1 is good, 0 bad, anything else neither. */
export function metric(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    successCondition: 'result == 1',
    failureCondition: 'result == 0',
    provider: prometheus(name),
    ...more,
  };
}
