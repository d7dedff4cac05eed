import { checkTotalLength } from '../condition/checkConditions.js';
import type { ApplyStrategy } from '../metacontroller/hook.js';
import { type Additions, refuseAll } from '../schema/ajvProblems.js';
import { checker } from '../schema/checker.js';
import { isServiceName } from '../schema/labels.js';
import { Place } from '../schema/place.js';
import type { Problem, Result } from '../schema/problem.js';
import { show } from '../schema/show.js';
import { normaliseFirstDraft } from './firstDraft.js';
import { checkMergeSafety } from './mergeSafety.js';
import type { Spec } from './spec.js';
import { checkSize, MAX_SPEC_VALUES } from './specSize.js';
import { DEFAULTS, type RawSpec, SpecSchema } from './stormService.js';
import { routingProblems } from './strategy/routingProblems.js';
import { SERVICE_NAME_FORM } from './strategy/serviceNames.js';
import { readAnalysisHistory, readStrategy } from './strategy/strategy.js';
import { checkSelector, selectedBy } from './template/selector.js';
import { readService } from './template/service.js';
import { readTemplate, type Template } from './template/template.js';

/** What a spec cannot be read without. */
export interface SpecContext {
  readonly name: string;
  readonly namespace: string;
  readonly applyStrategy: ApplyStrategy;
}

const checkSpec = checker(SpecSchema);

const ADDITIONS: Additions = {
  'spec.template': `add spec.template, for example:
template:
  metadata: {labels: {app: my-app}}
  spec: {containers: [{name: web, image: nginx:1.27}]}`,
};

/** Nobody reads more at once. */
const MAX_PROBLEMS = 100;

/**
 * StormService.spec, validated and with all defaults, or everything that is wrong with it. Never throws: `raw` may be
 * any JSON value. Its size is checked first, then types and unknown fields, what spans fields only when these are right.
 */
export function readSpec(raw: unknown, context: SpecContext): Result<Spec> {
  const problems: Problem[] = [];
  checkSize(raw, MAX_SPEC_VALUES, new Place('spec', problems));
  if (problems.length > 0) return { ok: false, problems };
  const { value, pathOf } = normaliseFirstDraft(raw);
  const place = new Place('spec', problems);
  refuseAll(checkSpec(value), value, place, ADDITIONS);
  if (problems.length === 0) checkTotalLength(metricsOf(value as RawSpec), place.at('rolloutStrategy'));
  const spec = problems.length === 0 ? readChecked(value as RawSpec, context, place) : undefined;
  if (spec !== undefined && problems.length === 0) return { ok: true, value: spec };
  const first = problems.slice(0, MAX_PROBLEMS);
  return { ok: false, problems: first.map(problem => ({ ...problem, path: pathOf(problem.path) })) };
}

/** All metrics and health checks that stand in the spec itself. */
function metricsOf({ rolloutStrategy = {} }: RawSpec): readonly object[] {
  const { canary, blueGreen, autoRollback } = rolloutStrategy;
  const analyses = [
    ...(canary?.steps ?? []).map(({ analysis }) => analysis),
    canary?.analysis,
    blueGreen?.prePromotionAnalysis,
    blueGreen?.postPromotionAnalysis,
  ];
  return [...analyses.flatMap(analysis => analysis?.metrics ?? []), ...(autoRollback?.healthChecks ?? [])];
}

function readChecked(raw: RawSpec, context: SpecContext, place: Place): Spec {
  checkName(context.name, new Place('metadata.name', place.problems));
  const template = readTemplate(raw.template, place.at('template'));
  if (raw.selector !== undefined) checkSelector(raw.selector, selectedLabels(raw, template), place.at('selector'));
  const service = readService(raw.service ?? {}, context.name, template.roles, place.at('service'));
  const strategy = readStrategy(
    raw.rolloutStrategy ?? {},
    {
      name: context.name,
      rootService: raw.service?.name ?? context.name,
      selector: selectedBy(raw.selector),
    },
    place.at('rolloutStrategy'),
  );
  const spec: Spec = {
    replicas: raw.replicas ?? DEFAULTS.replicas,
    roles: template.roles,
    template: template.template,
    minReadySeconds: raw.minReadySeconds ?? DEFAULTS.minReadySeconds,
    revisionHistoryLimit: raw.revisionHistoryLimit ?? DEFAULTS.revisionHistoryLimit,
    progressDeadlineSeconds: raw.progressDeadlineSeconds ?? DEFAULTS.progressDeadlineSeconds,
    progressDeadlineAbort: raw.progressDeadlineAbort ?? DEFAULTS.progressDeadlineAbort,
    paused: raw.paused ?? DEFAULTS.paused,
    ...(service === undefined ? {} : { service }),
    strategy,
    analysisOnFirstDeployment: raw.rolloutStrategy?.analysis?.onFirstDeployment ?? false,
    analysisHistory: readAnalysisHistory(raw.rolloutStrategy),
  };
  checkDeadline(spec, place);
  checkServices(spec, place);
  if (context.applyStrategy === 'dynamic-apply') checkMergeSafety(spec, raw, place);
  if (strategy.type === 'Canary') place.problems.push(...routingProblems(strategy, context.applyStrategy));
  return spec;
}

function checkDeadline({ minReadySeconds, progressDeadlineSeconds }: Spec, place: Place): void {
  if (minReadySeconds < progressDeadlineSeconds) return;
  place
    .at('progressDeadlineSeconds')
    .refuse(
      `${progressDeadlineSeconds} is not greater than minReadySeconds ${minReadySeconds}, so every rollout would exceed it`,
      `set progressDeadlineSeconds to ${minReadySeconds + 1} or more, or reduce minReadySeconds`,
    );
}

function checkName(name: string, place: Place): void {
  if (!isServiceName(name)) place.refuse(`${show(name)} is not a valid Service name`, SERVICE_NAME_FORM);
}

/** AIBrix's selector matches the labels of the role set; with a plain template those are the pods' labels. */
function selectedLabels({ template }: RawSpec, { roles }: Template): Readonly<Record<string, string>> {
  const common = roles.length === 0 ? [] : Object.entries(roles[0]?.template.metadata?.labels ?? {});
  const shared = common.filter(([key, value]) => roles.every(role => role.template.metadata?.labels?.[key] === value));
  return { ...Object.fromEntries(shared), ...template.metadata?.labels };
}

function checkServices({ service, strategy }: Spec, place: Place): void {
  if (service !== undefined) return;
  const why =
    strategy.type === 'BlueGreen'
      ? 'blue-green'
      : strategy.type === 'Canary' && strategy.trafficRouting
        ? 'traffic routing'
        : undefined;
  if (why === undefined) return;
  place
    .at('service', 'ports')
    .refuse(`${why} requires Services, but no port is set for them`, 'add ports to a container, or set service.ports');
}
