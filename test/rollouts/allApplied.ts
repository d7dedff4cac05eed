/** A cluster in which every answer is applied at once and every pod is available: what step() wants, and nothing else. */
import { kindOf } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { observe } from '../../src/observe/observation.js';
import { render } from '../../src/render/render.js';
import { report } from '../../src/rollout/report/report.js';
import { type Decision, step } from '../../src/rollout/step.js';
import { read } from '../api/read.js';
import { container, spec, template } from '../api/specs.js';
import { asMap } from '../traffic/cases.js';

const KINDS = ['VirtualService.networking.istio.io/v1', 'DestinationRule.networking.istio.io/v1'];

export function allApplied(replicas: number, rolloutStrategy: object) {
  let image = 'app:1';
  let annotations = {};
  let status: unknown;
  let children: readonly KubeObject[] = [];
  let now = Date.UTC(2026, 0, 1);

  function sync(): Decision {
    const raw = spec({ replicas, rolloutStrategy, template: template({ containers: [container({ image })] }) });
    const parent = {
      apiVersion: 'orchestration.aibrix.io/v1alpha1',
      kind: 'StormService',
      metadata: { name: 'my-app', namespace: 'default', uid: 'u', annotations },
      status,
    } as KubeObject;
    const decision = step(observe({ parent, children: asMap(children, KINDS) }, read(raw)), now);
    children = render(decision.observation, decision).map(child =>
      kindOf(child) === 'ReplicaSet.apps/v1' ? allAvailable(child) : child,
    );
    status = report(decision, { missing: [], collisions: [] });
    now += 1000;
    return decision;
  }

  /** One sync a second until a person is awaited or all is done: each decision that differs from the one before. */
  function follow(): readonly string[] {
    const lines: string[] = [];
    for (let seconds = 0; seconds < 100; seconds++) {
      const decision = sync();
      const line = textOf(decision);
      if (line !== lines.at(-1)) lines.push(line);
      if (decision.wait === undefined || decision.wait.reason === 'WaitingForApproval') return lines;
    }
    throw new Error(`it does not come to rest: ${lines.join(' | ')}`);
  }

  return {
    /** The first revision, at rest. */
    deploy: follow,
    rollOut: () => {
      image = 'app:2';
      return follow();
    },
    annotate: (name: string, value = 'true') => {
      annotations = { [`aibrix.io/rollout-${name}`]: value };
      return follow();
    },
  };
}

function allAvailable(replicaSet: KubeObject): KubeObject {
  const { replicas } = replicaSet['spec'] as { readonly replicas: number };
  return { ...replicaSet, status: { replicas, readyReplicas: replicas, availableReplicas: replicas } };
}

/** `20 %, route 0 %, stable old → 2 new + 8 old: WaitingForPods`: what the steps allow, the traffic, the pods, the wait. */
function textOf({ plan, revisions, wait, observation }: Decision): string {
  const { stable, updated } = revisions;
  const { strategy } = observation.spec;
  const old = stable && stable !== updated ? (plan.sets.get(stable.hash) ?? 0) : 0;
  const selects = (service: string) => (plan.selections.get(service) === updated.hash ? 'new' : 'old');
  const traffic =
    strategy.type === 'BlueGreen'
      ? `active ${selects(strategy.activeService)}, preview ${selects(strategy.previewService)}`
      : `${plan.weight} %`;
  const route =
    strategy.type === 'Canary' && plan.traffic
      ? `, route ${plan.traffic.weight} %, stable ${selects(strategy.stableService)}`
      : '';
  return `${traffic}${route} → ${plan.sets.get(updated.hash)} new + ${old} old: ${wait?.reason ?? 'done'}`;
}
