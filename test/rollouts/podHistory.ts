/**
 * A rollout of which every answer is applied at once, and whose new pods do as a history says: they become available,
 * fall back and recover, with no plan behind it.
 */
import fc from 'fast-check';
import type { Spec } from '../../src/api/spec.js';
import { kindOf, REPLICA_SET } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { observe } from '../../src/observe/observation.js';
import { render } from '../../src/render/render.js';
import { report } from '../../src/rollout/report/report.js';
import { type Decision, step } from '../../src/rollout/step.js';
import { REVISION_LABEL } from '../../src/schema/names.js';
import { read } from '../api/read.js';
import { container, type Raw, spec, template } from '../api/specs.js';
import { asMap } from '../traffic/cases.js';

const KINDS = ['TrafficSplit.split.smi-spec.io/v1alpha1'];

/** For so many seconds, so much of 1 of the new pods are available. */
export interface Moment {
  readonly seconds: number;
  readonly share: number;
}

export const someHistory: fc.Arbitrary<readonly Moment[]> = fc.array(
  fc.record({ seconds: fc.integer({ min: 1, max: 40 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  { minLength: 1, maxLength: 12 },
);

export interface Sync {
  readonly at: number;
  readonly decision: Decision;
  /** Of the new revision. */
  readonly available: number;
}

/** The syncs after a change of the template: one at each moment, again and again. */
export function* rolloutUnder(history: readonly Moment[], raw: Raw, roles: readonly Raw[]): Generator<Sync> {
  let now = Date.UTC(2026, 0, 1);
  let children: readonly KubeObject[] = [];
  let status: unknown;

  const specOf = (image: string) => {
    const pods = { containers: [container({ image })] };
    const own = { spec: { roles: roles.map(role => ({ ...role, template: template(pods) })) } };
    return read(spec({ ...raw, template: roles.length > 0 ? own : template(pods) }));
  };
  const [first, second] = [specOf('app:1'), specOf('app:2')];

  function sync(written: Spec): Decision {
    const metadata = { name: 'my-app', namespace: 'default', uid: 'u', annotations: {} };
    const parent: KubeObject = { apiVersion: 'v1', kind: 'StormService', metadata, ...(status ? { status } : {}) };
    const decision = step(observe({ parent, children: asMap(children, KINDS) }, written), now);
    children = render(decision.observation, decision);
    status = report(decision, { missing: [], collisions: [] });
    return decision;
  }

  const up = (share: (set: KubeObject) => number) => {
    children = children.map(child => (kindOf(child) === REPLICA_SET ? withAvailable(child, share(child)) : child));
  };

  for (let seconds = 0; seconds < 20; seconds++) {
    sync(first);
    up(() => 1);
    now += 1000;
  }
  for (let i = 0; ; i++) {
    const { seconds, share } = history[i % history.length] as Moment;
    const decision = sync(second);
    const { target } = decision.observation;
    const isNew = (set: KubeObject) => set.metadata.labels?.[REVISION_LABEL] === target;
    const available = decision.revisions.updated.roles.reduce((sum, role) => sum + role.available, 0);
    yield { at: now, decision, available };
    up(set => (isNew(set) ? share : 1));
    now += seconds * 1000;
  }
}

function withAvailable(replicaSet: KubeObject, share: number): KubeObject {
  const { replicas } = replicaSet['spec'] as { readonly replicas: number };
  const available = Math.min(replicas, Math.floor(share * (replicas + 1)));
  return { ...replicaSet, status: { replicas, readyReplicas: available, availableReplicas: available } };
}
