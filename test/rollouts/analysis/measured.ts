/** A sandbox whose measurements are answered by a script: of the metric, the revision and the time. */
import type { MeasurementRequest, MeasurementResult } from '../../../src/fetch/measurement.js';
import { createHook } from '../../../src/hook/hook.js';
import type { Hook } from '../../../src/metacontroller/hook.js';
import { CORE_CHILDREN, createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../../src/sandbox/time/virtualClock.js';
import type { Instant } from '../../../src/schema/instant.js';
import type { Json, JsonObject } from '../../../src/schema/json.js';
import { podsByImage, rolloutOf, stormService, untilPhase } from '../world.js';

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

/** Our own limits: it was not asked. */
export class Postponed {
  constructor(readonly message: string) {}
}

/** A value, an Error of the metrics system, nothing because of our own limits, or undefined while it is under way. */
export type Answers = (question: Question) => Json | Error | Postponed | undefined;

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

/** Two weights, each kept for a minute. */
export const TIMED_STEPS = [
  { setWeight: 20 },
  { pause: { duration: '60s' } },
  { setWeight: 60 },
  { pause: { duration: '60s' } },
];

/** For strategies with `trafficRouting: { smi: {} }`. */
export const SPLIT_BY_SMI: MeasuredOptions = {
  childKinds: [...CORE_CHILDREN, { kind: 'TrafficSplit.split.smi-spec.io/v1alpha1', method: 'InPlace' }],
};

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

/** Five pods of app:1 are Healthy, and app:2 is on its way. `strategy`: spec.rolloutStrategy. */
export async function rollOut(strategy: JsonObject, answers: Answers, options?: MeasuredOptions): Promise<Measured> {
  const world = await measuredHealthy({ replicas: 5, rolloutStrategy: strategy }, answers, options);
  await world.sandbox.setImage('my-app', 'web', 'app:2');
  return world;
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
    if (value instanceof Postponed) return { ...head, outcome: 'postponed', message: value.message };
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
    customizePod: request => next().customizePod(request),
    decoratePod: request => next().decoratePod(request),
  };
}
